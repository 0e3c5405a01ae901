package exact

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
)

// foreign is a function that no formula is for.
type foreign struct{ activation.Sigmoid }

func (foreign) String() string { return "foreign" }

// functions are those of the network, each of which makes one ball of one.
func functions[T any](ar arithmetic[T]) map[string]func(z T) T {
	list := map[string]func(z T) T{
		"log(1+e^−|z|)": ar.logTail, "exp": ar.exp, "log1p": ar.log1p, "log": ar.log,
		"σ(z)": func(z T) T { return ar.logistic(z, false) }, "σ(−z)": func(z T) T { return ar.logistic(z, true) },
	}
	for _, f := range []activation.Func{activation.Sigmoid{}, activation.Tanh{}, activation.Softplus{}, activation.ReLU{}, foreign{}} {
		list[f.String()] = func(z T) T { value, _, _ := ar.activate(f, z); return value }
		if f != (activation.ReLU{}) {
			list[f.String()+"′"] = func(z T) T { _, deriv, _ := ar.activate(f, z); return deriv }
		}
	}
	return list
}

// Of what is not known nothing follows, and nothing of a function that is not known. Of 0
// to within 2, or beyond all exponents, only rectifiers say something.
func TestUnknownStaysUnknown(t *testing.T) {
	for name, f := range functions[ball](doubles{}) {
		assert.False(t, f(unknown).isFinite(), name)
		if name != "relu" && name != "log1p" {
			assert.False(t, f(ball{r: 2}).isFinite(), name)
		}
	}
	ar := splits{bigs{64}}
	for name, f := range functions[split](ar) {
		assert.False(t, f(ar.unknown()).isKnown(), name)
		if name != "relu" {
			assert.False(t, f(plain(bigBall{m: zero, r: power(1)})).isKnown(), name)
		}
	}
	_, deriv, kink := doubles{}.activate(activation.ReLU{}, unknown)
	assert.True(t, !deriv.isFinite() && !kink)
	_, slope, kink := ar.activate(activation.ReLU{}, ar.unknown())
	assert.True(t, !slope.isKnown() && !kink)
	for _, z := range []ball{exactly(1), exactly(-1), {}} {
		value, deriv, _ := doubles{}.activate(foreign{}, z)
		assert.False(t, value.isFinite() || deriv.isFinite(), "%v", z)
	}
	value, slope, _ := ar.activate(foreign{}, ar.exactly(1))
	assert.False(t, value.isKnown() || slope.isKnown())
}

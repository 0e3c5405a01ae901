package touchstone

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
)

// detectiveOf judges a claim up to where the search for a cause begins.
func detectiveOf(c *Case, k *Claim) *detective {
	list := blocks(c, k)
	right := rightPass(c)
	m := newLimits(c, right, k.Precision)
	for i := range list {
		m.allow(&list[i])
		list[i].judge(formats[k.Precision].largest)
	}
	d := newDetective(c, k, list, right, m)
	d.work = math.MaxInt64
	return d
}

// A trial compares the sample and the unit of the worst number first: where it differs
// there, no other is computed.
func TestTrialComparesTheWorstFirst(t *testing.T) {
	const N, F = 5, functionWork
	c := roughCase(chain(3, activation.Sigmoid{}, 4, 2), loss.Squared{}, N, 7)
	right := planted{}.claim(&c)

	// Only the δ of sample 3 are wrong, and so is its ∂E/∂x.
	k := Claim{DX: slices.Clone(right.DX)}
	k.DX[3*3+1]++
	d := detectiveOf(&c, &k)
	require.Equal(t, "dx[3,1]", d.blocks[0].Worst)
	tr := d.trial(&variant{silent: true, of: func(s int) float64 { return flag(s != 3) }})
	assert.False(t, tr.run(false))
	assert.Equal(t, int64(F*N*2+F*N*(4+2)+N*4*2+4*3), tr.work, "∂ℓ/∂y, f′, ∂E/∂a of the hidden layer, and ∂E/∂x of one sample")

	// Only unit 3 of the first layer has a wrong f′.
	k = Claim{Grad: slices.Clone(right.Grad)}
	k.Grad[3*3+1]++
	d = detectiveOf(&c, &k)
	z := d.right.z[0]
	tr = d.trial(&variant{in: func(l int) bool { return l == 0 }, deriv: func(f activation.Func, x, _ float64) float64 {
		for s := range N {
			if x == z[s*4+3] {
				return 2 * f.Deriv(x)
			}
		}
		return f.Deriv(x)
	}})
	assert.False(t, tr.run(false))
	assert.Equal(t, int64(4*2+2+F*N+N*3), tr.work, "W1 and b1 are compared, and f′ and the weights of one unit computed")
}

// As much work as the search for a mistake takes is enough, and less is not.
func TestSearchEndsWithAMistake(t *testing.T) {
	c := roughCase(chain(3, activation.Sigmoid{}, 4, 2), loss.Squared{}, 3, 2)
	const text = "STALE: the error of the first sample is taken for all"
	k := planted{from: func(s, n int) int { return 0 }}.claim(&c)
	d := detectiveOf(&c, &k)
	cause := d.variants()
	require.NotNil(t, cause)
	require.Equal(t, text, cause.String())
	work := math.MaxInt64 - d.work
	v := judge(&c, &k, work)
	if assert.NotNil(t, v.Cause) {
		assert.Equal(t, text, v.Cause.String())
	}
	assert.False(t, v.CutShort)
	v = judge(&c, &k, work-1)
	assert.True(t, v.CutShort)
	assert.Nil(t, v.Cause)
}

package activation_test

import (
	"errors"
	"testing"

	"touchstone/activation"
)

var names = []string{"identity", "sigmoid", "tanh", "relu", "softplus"}

func TestByName(t *testing.T) {
	want := []activation.Func{
		activation.Identity{}, activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{},
	}
	for i, name := range names {
		f, err := activation.ByName(name)
		if err != nil || f != want[i] || f.String() != name {
			t.Errorf("ByName(%q) = %v, %v; want %T", name, f, err, want[i])
		}
	}
}

func TestByNameUnknown(t *testing.T) {
	for _, name := range []string{"", "Sigmoid", "sigmoid ", "logistic", "a\nb"} {
		f, err := activation.ByName(name)
		var unknown *activation.UnknownError
		if f != nil || !errors.As(err, &unknown) || unknown.Name != name {
			t.Errorf("ByName(%q) = %v, %v; want an UnknownError of that name", name, f, err)
		}
	}
	_, err := activation.ByName("a\nb")
	const want = `activation: unknown function "a\nb", want one of: identity sigmoid tanh relu softplus`
	if err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

package neuron

import (
	"testing"

	"touchstone"
)

// claims returns the loss and gradient of this package for a vector of one neuron.
func claims(c *touchstone.Case) touchstone.Claim {
	x, t := c.X.Data, c.T.Data[0]
	loss, grad := Loss(c.Theta, x, t), make([]float64, len(c.Theta))
	Grad(grad, c.Theta, x, t)
	return touchstone.Claim{Loss: &loss, Grad: grad}
}

func TestGolden(t *testing.T) {
	if n := len(touchstone.Cases()); n < 300 {
		t.Errorf("%d cases are embedded", n)
	}
	if n := len(touchstone.Scalars()); n < 1000 {
		t.Errorf("%d scalars are embedded", n)
	}
	c, ok := touchstone.CaseByID("neuron-standardised-label-1")
	if !ok {
		t.Fatal("a case is missing")
	}
	if v := touchstone.Judge(c, claims(&c)); v.Outcome != touchstone.Pass {
		t.Errorf("of the right gradient: %v", v)
	}
	wrong := claims(&c)
	for i := range wrong.Grad {
		wrong.Grad[i] *= -1
	}
	v := touchstone.Judge(c, wrong)
	if v.Outcome != touchstone.Fail || v.First.Stage != "gradient" || v.Cause == nil || v.Cause.Type != "SIGN" {
		t.Errorf("of the negative gradient: %v", v)
	} else {
		t.Log(v.First, v.Cause)
	}
}

package touchstone

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCases(t *testing.T) {
	cases := Cases()
	require.GreaterOrEqual(t, len(cases), 16)
	ids := map[string]bool{}
	for _, c := range cases {
		assert.False(t, ids[c.ID], "%s is there twice", c.ID)
		ids[c.ID] = true
		assert.NotEmpty(t, c.File)
		assert.NotEmpty(t, c.Source)
		assert.NotEmpty(t, c.Comment)
		assert.Len(t, c.Theta, c.Net.NumParams())
		if c.Loss != nil {
			assert.NotPanics(t, func() { c.Objective() })
		}
	}
	_, ok := CaseByID("neuron-raw-label-1")
	assert.True(t, ok)
	_, ok = CaseByID("no such case")
	assert.False(t, ok)

	// A caller owns what it is given.
	Cases()[0].Theta[0] = 99
	assert.NotEqual(t, 99.0, Cases()[0].Theta[0])
}

func TestDecimal(t *testing.T) {
	d := Decimal("5.242885663363478925657932296728015129948e-22")
	assert.Equal(t, 5.242885663363479e-22, d.Float64())
	assert.InEpsilon(t, 1.837845131321659e-39, d.Error(5.242885663363479e-22), 1e-3)
	assert.True(t, math.IsInf(d.Error(math.NaN()), 1))
	assert.True(t, math.IsInf(d.Error(math.Inf(-1)), 1))
	assert.Equal(t, math.Inf(1), Decimal("1.0e+400").Float64())
	assert.Equal(t, 0.0, Decimal("0").Float64())
	assert.Equal(t, 1.0, Decimal("0").Error(-1))
	assert.PanicsWithValue(t, "touchstone: Decimal that is not a decimal", func() { Decimal("x").Big() })
}

// valid is a small file; each test below breaks it in one place.
const valid = `{
 "schema": "touchstone-golden-0", "source": "test",
 "cases": [{
  "id": "c", "comment": "", "flags": [],
  "net": {"inputs": 2, "layers": [{"width": 1, "activation": "sigmoid", "bias": true}]},
  "loss": "squared", "reduction": "mean", "l2": "0x0p+0",
  "theta": ["0x1p+0", "0x1p-1", "-0x1p+0"],
  "x": [["0x1p+1", "0x1p+2"]], "t": [["0x1p+0"]],
  "exact": {"z": [[["1.5e+0"]]], "a": [[["1.0e-1"]]], "loss": "2.0e-1", "delta": [[["3.0e-1"]]],
   "grad": ["1.0e+0", "2.0e+0", "0"], "dx": [["1.0e+0", "2.0e+0"]]},
  "step": {"rate": "0x1p-1", "frozen": [], "theta": ["1.0e+0", "2.0e+0", "3.0e+0"], "loss": "1.0e+0"},
  "training": {"rate": "0x1p-1", "batch": 1, "frozen": [],
   "milestones": [{"epoch": 2, "loss": "1.0e+0", "theta": ["1.0e+0", "2.0e+0", "3.0e+0"]}]}
 }]
}`

func TestDecode(t *testing.T) {
	cases, err := decode("f.json", []byte(valid))
	require.NoError(t, err)
	require.Len(t, cases, 1)
	c := cases[0]
	assert.Equal(t, "2-1", c.Net.String())
	assert.Equal(t, []float64{1, 0.5, -1}, c.Theta)
	assert.Equal(t, []float64{2, 4}, c.X.Data)
	assert.Equal(t, 0.5, c.Step.Rate)
	assert.Equal(t, 2, c.Training.Milestones[0].Epoch)
	assert.True(t, json.Valid([]byte(valid)))
}

func TestDecodeRefuses(t *testing.T) {
	const in = `f.json: case "c": `
	for _, b := range []struct{ from, to, want string }{
		{valid, "", "f.json: unexpected end of JSON input"},
		{valid, "[]", "f.json: json: cannot unmarshal array into Go value of type touchstone.jsonFile"},
		{"golden-0", "golden-9", `f.json: schema is "touchstone-golden-9", want "touchstone-golden-0"`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1", "one"`, `f.json: "one" is not a finite float64`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1", "NaN"`, `f.json: "NaN" is not a finite float64`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1", "0x1p+9999"`, `f.json: "0x1p+9999" is not a finite float64`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1", null`, `f.json: null is not a finite float64`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1"`, in + `theta has 2 values, which the network's layers do not fit`},
		{`"width": 1`, `"width": 0`, in + `layer 0 is 0 × 2, theta has 3 values`},
		{`"width": 1`, `"width": 9223372036854775807`, in + `layer 0 is 9223372036854775807 × 2, theta has 3 values`},
		{`"inputs": 2`, `"inputs": 9223372036854775807`, in + `layer 0 is 1 × 9223372036854775807, theta has 3 values`},
		{`"inputs": 2`, `"inputs": -1`, in + `layer 0 is 1 × -1, theta has 3 values`},
		{`{"width": 1, "activation": "sigmoid", "bias": true}`, ``, in + `theta has 3 values, which the network's layers do not fit`},
		{`"sigmoid"`, `"swish"`, in + `activation: unknown function "swish", want one of: identity sigmoid tanh relu softplus`},
		{`"squared"`, `"hinge"`, in + `loss: unknown function "hinge", want one of: squared cross-entropy logit-cross-entropy softmax-cross-entropy`},
		{`"mean"`, `"max"`, in + `reduction is "max", want "mean" or "sum"`},
		{`"x": [["0x1p+1", "0x1p+2"]]`, `"x": []`, in + `x has no samples`},
		{`"x": [["0x1p+1", "0x1p+2"]]`, `"x": [["0x1p+1"]]`, in + `x is not 1 × 2`},
		{`"t": [["0x1p+0"]]`, `"t": [["0x1p+0"], ["0x1p+0"]]`, in + `t is not 1 × 1`},
		{`"squared"`, `"none"`, in + `dy is not 1 × 1`},
		{`"z": [[["1.5e+0"]]]`, `"z": []`, in + `exact.z has 0 layers, the network 1`},
		{`"a": [[["1.0e-1"]]]`, `"a": [[[]]]`, in + `exact.a[0] is not 1 × 1`},
		{`"delta": [[["3.0e-1"]]]`, `"delta": [[["3.0e-1"], ["1"]]]`, in + `exact.delta[0] is not 1 × 1`},
		{`"grad": ["1.0e+0", `, `"grad": [`, in + `exact.grad has 2 values, theta 3`},
		{`"dx": [["1.0e+0", `, `"dx": [[`, in + `exact.dx is not 1 × 2`},
		{`"loss": "2.0e-1", `, ``, in + `exact.loss is missing`},
		{`"loss": "2.0e-1"`, `"loss": null`, `f.json: null is not a decimal`},
		{`"loss": "2.0e-1"`, `"loss": ""`, `f.json: "" is not a decimal`},
		{`"loss": "2.0e-1"`, `"loss": "inf"`, `f.json: "inf" is not a decimal`},
		{`"theta": ["1.0e+0", "2.0e+0", "3.0e+0"], "loss"`, `"theta": [], "loss"`, in + `step.theta has 0 values, theta 3`},
		{`"theta": ["1.0e+0", "2.0e+0", "3.0e+0"], "loss": "1.0e+0"`, `"theta": ["1.0e+0", "2.0e+0", "3.0e+0"]`, in + `step.loss is missing`},
		{`"batch": 1`, `"batch": 0`, in + `training.batch is 0`},
		{`"epoch": 2`, `"epoch": 0`, in + `training: epoch 0 follows 0`},
		{`"theta": ["1.0e+0", "2.0e+0", "3.0e+0"]}]}`, `"theta": []}]}`, in + `training: theta after epoch 2 has 0 values, theta 3`},
	} {
		require.Contains(t, valid, b.from)
		_, err := decode("f.json", []byte(strings.Replace(valid, b.from, b.to, 1)))
		assert.EqualError(t, err, b.want)
		var format *FormatError
		assert.True(t, errors.As(err, &format))
	}
}

package touchstone

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCases(t *testing.T) {
	cases := Cases()
	require.Len(t, cases, 306)
	ids := map[string]bool{}
	for _, c := range cases {
		assert.False(t, ids[c.ID], "%s is there twice", c.ID)
		ids[c.ID] = true
		assert.NotEmpty(t, c.File)
		assert.NotEmpty(t, c.Source)
		assert.Len(t, c.Theta, c.Net.NumParams())
		if c.Loss != nil {
			assert.NotPanics(t, func() { c.Objective() })
		}
	}
	_, ok := CaseByID("neuron-raw-label-1")
	assert.True(t, ok)
	_, ok = CaseByID("no such case")
	assert.False(t, ok)

	scalars := Scalars()
	require.Len(t, scalars, 1133)
	for _, s := range scalars {
		assert.False(t, ids[s.ID], "%s is there twice", s.ID)
		ids[s.ID] = true
	}

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
}

// valid is a small file; each test below breaks it in one place.
const valid = `{
 "schema": "touchstone-golden-1", "source": "test", "provenance": {}, "conventions": {},
 "flags": {"Pair": {"bug_type": "SIGN", "meaning": "m"}}, "count": 2,
 "groups": [{
  "kind": "network",
  "net": {"inputs": 2, "layers": [{"width": 1, "activation": "sigmoid", "bias": true}]},
  "loss": "squared", "reduction": "mean", "l2": "0x0p+0",
  "tests": [{
   "id": "c", "comment": "", "flags": ["Pair"],
   "theta": ["0x1p+0", "0x1p-1", "-0x1p+0"],
   "x": [["0x1p+1", "0x1p+2"]], "t": [["0x1p+0"]],
   "exact": {"z": [[["1.5e+0"]]], "a": [[["1.0e-1"]]], "loss": "2.0e-1", "delta": [[["3.0e-1"]]],
    "grad": ["1.0e+0", "2.0e+0", "0"], "dx": [["1.0e+0", "2.0e+0"]]},
   "scale": {"z": [[["4.0e+0"]]], "a": [[["5.0e+0"]]], "loss": "6.0e+0", "delta": [[["7.0e+0"]]],
    "grad": ["8.0e+0", "9.0e+0", "1.0e+1"], "dx": [["1.1e+1", "1.2e+1"]], "step": {"theta": ["1.3e+1", "1.4e+1", "1.5e+1"]}},
   "step": {"rate": "0x1p-1", "frozen": [], "theta": ["1.0e+0", "2.0e+0", "3.0e+0"], "loss": "1.0e+0"},
   "training": {"rate": "0x1p-1", "batch": 1, "shuffle": false, "frozen": [],
    "milestones": [{"epoch": 2, "loss": "1.0e+0", "theta": ["1.0e+0", "2.0e+0", "4.0e+0"]}]},
   "as_printed": {"w": "1", "v": ["2"]}
  }]
 }, {
  "kind": "scalar", "function": "sigmoid",
  "tests": [{"id": "sigmoid@0", "comment": "", "flags": [], "z": "0x0p+0", "value": "5.0e-1", "nearest": "0x1p-1"}]
 }]
}`

func TestDecode(t *testing.T) {
	cases, scalars, err := decode("f.json", []byte(valid))
	require.NoError(t, err)
	require.Len(t, cases, 1)
	c := cases[0]
	assert.Equal(t, "2-1", c.Net.String())
	assert.Equal(t, []float64{1, 0.5, -1}, c.Theta)
	assert.Equal(t, []float64{2, 4}, c.X.Data)
	assert.Equal(t, 0.5, c.Step.Rate)
	assert.Equal(t, 2, c.Training.Milestones[0].Epoch)
	assert.Equal(t, 6.0, c.Scale.Loss)
	assert.Equal(t, []float64{13, 14, 15}, c.Scale.After)
	assert.JSONEq(t, `{"w": "1", "v": ["2"]}`, string(c.AsPrinted))
	assert.Equal(t, []Scalar{{File: "f.json", ID: "sigmoid@0", Flags: []string{}, Function: "sigmoid", Value: "5.0e-1", Nearest: 0.5}}, scalars)
}

// The mark that some editors begin files with is no part of them.
func TestDecodeByteOrderMark(t *testing.T) {
	cases, scalars, err := DecodeVectors("f.json", []byte("\ufeff"+valid))
	require.NoError(t, err)
	assert.Len(t, cases, 1)
	assert.Len(t, scalars, 1)
}

func TestDecodeRefuses(t *testing.T) {
	const in, test = `f.json: groups[0].`, `f.json: groups[0].tests[0]`
	for _, b := range []struct{ from, to, want string }{
		{valid, "", "f.json: is empty, want vectors: see testdata/golden/README.md"},
		{valid, "\ufeff \n", "f.json: is empty, want vectors: see testdata/golden/README.md"},
		{valid, "[]", "f.json: is an array, want an object"},
		{valid, valid + "{}", "f.json: there is more after the end of the value"},
		{valid, valid[:260], "f.json: groups[0].net.layers[0].activation: the JSON ends too early"},
		{valid, `{"schema": "touchstone-golden-1", "groups": ` + strings.Repeat("[", 1e6), "f.json: groups[0]: is an array, want an object"},
		{"golden-1", "golden-9", `f.json: schema: is "touchstone-golden-9", want "touchstone-golden-1"`},
		{`"count": 2`, `"count": 3`, `f.json: count: is 3, and there are 2 tests`},
		{`"count": 2`, `"count": 2, "count": 2`, `f.json: count: is there twice`},
		{`"count": 2`, `"count": 2.5`, `f.json: count: is 2.5, want a whole number from 1 to 9223372036854775807`},
		{`"source": "test", `, ``, `f.json: has no field "source"`},
		{`"source": "test"`, `"sauce": ""`, `f.json: sauce: unknown field`},
		{`"source": "test"`, `"source": null`, `f.json: source: is null, want a string`},
		{`"kind": "network"`, `"kind": "net"`, in + `kind: is "net", want "network" or "scalar"`},
		{`"l2": "0x0p+0",
  "tests": [{`, `"tests": [{`, in + `tests: come before the kind, net, loss, reduction and l2, or kind and function, of the group`},
		{`"reduction": "mean", `, ``, in + `tests: come before the kind, net, loss, reduction and l2, or kind and function, of the group`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1", "one"`, test + `.theta[2]: "one" is not a finite float64`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1", "NaN"`, test + `.theta[2]: "NaN" is not a finite float64`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1", "0x1p+9999"`, test + `.theta[2]: "0x1p+9999" is not a finite float64`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1", null`, test + `.theta[2]: is null, want a string with a float64`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1", 1`, test + `.theta[2]: is the number 1, want a string with a float64`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1"`, test + `.theta: has 2 values, too few for layer 0 of 1 × 2 weights`},
		{`"0x1p-1", "-0x1p+0"`, `"0x1p-1", "0x0p+0", "0x0p+0"`, test + `.theta: has 4 values, 1 more than the layers of the network take`},
		{`"width": 1`, `"width": 0`, in + `net.layers[0].width: is 0, want a whole number from 1 to 9223372036854775807`},
		{`"width": 1`, `"width": 9223372036854775807`, test + `.theta: has 3 values, too few for layer 0 of 9223372036854775807 × 2 weights`},
		{`"width": 1`, `"width": 9223372036854775808`, in + `net.layers[0].width: is 9223372036854775808, want a whole number from 1 to 9223372036854775807`},
		{`"inputs": 2`, `"inputs": 9223372036854775807`, test + `.theta: has 3 values, too few for layer 0 of 1 × 9223372036854775807 weights`},
		{`{"width": 1, "activation": "sigmoid", "bias": true}`, ``, test + `.theta: has 3 values, 3 more than the layers of the network take`},
		{`"bias": true`, `"bias": 1`, in + `net.layers[0].bias: is the number 1, want true or false`},
		{`"sigmoid"`, `"swish"`, in + `net.layers[0].activation: unknown function "swish", want one of: identity sigmoid tanh relu softplus`},
		{`"squared"`, `"hinge"`, in + `loss: unknown function "hinge", want one of: squared cross-entropy logit-cross-entropy softmax-cross-entropy`},
		{`"mean"`, `"max"`, in + `reduction: is "max", want "mean" or "sum"`},
		{`"x": [["0x1p+1", "0x1p+2"]]`, `"x": []`, test + `.x: is empty`},
		{`"x": [["0x1p+1", "0x1p+2"]]`, `"x": [["0x1p+1"]]`, test + `.x: is 1 × 1, not 1 × 2`},
		{`"t": [["0x1p+0"]]`, `"t": [["0x1p+0"], ["0x1p+0"]]`, test + `.t: is 2 × 1, not 1 × 1`},
		{`"squared", "reduction": "mean"`, `"none", "reduction": "sum"`, test + `.t: unknown field`},
		{`"squared"`, `"none"`, in + `tests: are of the loss "none", which is a sum over the samples: want the reduction "sum"`},
		{`"z": [[["1.5e+0"]]]`, `"z": []`, test + `.exact.z: is empty`},
		{`"z": [[["1.5e+0"]]]`, `"z": [[["1.5e+0"]], [["1.5e+0"]]]`, test + `.exact.z: has 2 layers, the network 1`},
		{`"delta": [[["3.0e-1"]]]`, `"delta": [[["3.0e-1"], ["1.0e+0"]]]`, test + `.exact.delta: layer 0 is 2 × 1, not 1 × 1`},
		{`"grad": ["1.0e+0", `, `"grad": [`, test + `.exact.grad: has 2 values, theta 3`},
		{`"grad": ["8.0e+0", `, `"grad": [`, test + `.scale.grad: has 2 values, theta 3`},
		{`"dx": [["1.0e+0", `, `"dx": [[`, test + `.exact.dx: is 1 × 1, not 1 × 2`},
		{`"loss": "2.0e-1", `, ``, test + `.exact: has no field "loss"`},
		{`"loss": "2.0e-1"`, `"loss": ""`, test + `.exact.loss: "" is not a decimal, want 0 or such as -1.25e-3`},
		{`"loss": "2.0e-1"`, `"loss": "inf"`, test + `.exact.loss: "inf" is not a decimal, want 0 or such as -1.25e-3`},
		{`"loss": "2.0e-1"`, `"loss": "2.0e-9999999"`, test + `.exact.loss: "2.0e-9999999" is not a decimal, want 0 or such as -1.25e-3`},
		{`"8.0e+0"`, `"-8.0e+0"`, test + `.scale.grad[0]: "-8.0e+0" is not a scale, want 0 or such as 1.25e+0`},
		{`"theta": ["1.0e+0", "2.0e+0", "3.0e+0"], "loss"`, `"theta": ["1.0e+0"], "loss"`, test + `.step.theta: has 1 values, theta 3`},
		{`"batch": 1`, `"batch": 0`, test + `.training.batch: is 0, want a whole number from 1 to 9223372036854775807`},
		{`"shuffle": false`, `"shuffle": true`, test + `.training.shuffle: is true, and nobody knows the order`},
		{`"epoch": 2`, `"epoch": 0`, test + `.training.milestones[0].epoch: is 0, want a whole number from 1 to 9223372036854775807`},
		{`"milestones": [`, `"milestones": [{"epoch": 2, "loss": "1.0e+0", "theta": ["1.0e+0", "2.0e+0", "4.0e+0"]}, `, test + `.training.milestones: epoch 2 follows 2`},
		{`"id": "sigmoid@0"`, `"id": "c"`, `f.json: groups[1].tests[0].id: is "c", which is empty or was there before: want an id that no other test has`},
		{`"nearest": "0x1p-1"`, `"nearest": "half"`, `f.json: groups[1].tests[0].nearest: "half" is not a float64, want such as 0x1.8p-3, 0.1875, inf, -inf or nan`},
		{`"value": "5.0e-1"`, `"value": "0.5"`, `f.json: groups[1].tests[0].value: "0.5" is not a value, want a decimal such as -1.25e-3, inf, -inf or nan`},
		{`"meaning"`, `"means"`, `f.json: flags.Pair.means: unknown field`},
		{`"count": 2,`, `"count": 2, "fit": {"certified": {}, "solution": {}, "rss": ""},`, `f.json: fit.rss: unknown field`},
		{`"l2"`, `"l1"`, in + `l1: unknown field`},
		{`"inputs"`, `"outputs"`, in + `net.outputs: unknown field`},
		{`"bias"`, `"biased"`, in + `net.layers[0].biased: unknown field`},
		{`"delta": [[["3.0e-1"]]]`, `"gamma": 1`, test + `.exact.gamma: unknown field`},
		{`"delta": [[["7.0e+0"]]]`, `"gamma": 1`, test + `.scale.gamma: unknown field`},
		{`"step": {"theta"`, `"step": {"beta"`, test + `.scale.step.beta: unknown field`},
		{`"rate": "0x1p-1", "frozen"`, `"speed": "0x1p-1", "frozen"`, test + `.step.speed: unknown field`},
		{`"shuffle"`, `"shuffled"`, test + `.training.shuffled: unknown field`},
		{`"epoch"`, `"epochs"`, test + `.training.milestones[0].epochs: unknown field`},
		{`"frozen": [], "theta"`, `"frozen": ["b0", "bias"], "theta"`, test + `.step.frozen[1]: is "bias", which is no block of the network`},
		{`"shuffle": false, "frozen": []`, `"shuffle": false, "frozen": ["W1"]`, test + `.training.frozen[0]: is "W1", which is no block of the network`},
		{`"kind": "network"`, `"kind": "network", "function": "sigmoid"`, `f.json: groups[0]: has a function, and the kind "network"`},
		{`"function": "sigmoid"`, `"function": "sigmoid", "loss": "squared"`, `f.json: groups[1]: has a net, loss, reduction or l2, and the kind "scalar"`},
		{`"function": "sigmoid"`, `"function": "sigmoid", "loss": "none", "reduction": "mean"`, `f.json: groups[1]: has a net, loss, reduction or l2, and the kind "scalar"`},
		{`"function": "sigmoid"`, `"function": "sigmoid", "l2": "0x0p+0"`, `f.json: groups[1]: has a net, loss, reduction or l2, and the kind "scalar"`},
		{`"z": "0x0p+0"`, `"y": "0x0p+0"`, `f.json: groups[1].tests[0].y: unknown field`},
		{`"z": "0x0p+0"`, `"z": "0x0p+0", "t": "0x0p+0"`, `f.json: groups[1].tests[0].t: unknown field`},
		{`"z": "0x0p+0", `, ``, `f.json: groups[1].tests[0]: has no field "z"`},
		{`"function": "sigmoid"`, `"function": "logit-cross-entropy"`, `f.json: groups[1].tests[0]: has no field "t"`},
		{`"value"`, `"values"`, `f.json: groups[1].tests[0].values: unknown field`},
	} {
		require.Contains(t, valid, b.from)
		_, _, err := DecodeVectors("f.json", []byte(strings.Replace(valid, b.from, b.to, 1)))
		assert.EqualError(t, err, b.want)
		var format *FormatError
		assert.True(t, errors.As(err, &format))
	}
	_, _, err := decode("f.json", make([]byte, MaxVectorFile+1))
	assert.EqualError(t, err, "f.json: is larger than 16 MiB")
}

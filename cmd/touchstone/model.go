package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"touchstone/activation"
	"touchstone/internal/strictjson"
	"touchstone/loss"
	"touchstone/mlp"
)

const (
	modelFormat   = "touchstone-model-1"
	maxModelBytes = 32 << 20
	// maxParams limits a network, so that neither a command line nor a file asks
	// for more memory than there is. A model of that size fits maxModelBytes.
	maxParams = 1 << 20
)

// modelLoss is the loss of every model: its output is the logit of a probability.
var modelLoss = loss.LogitCrossEntropy{}

// A model is a trained network, and what its inputs and its output stand for.
type model struct {
	target   string // the column that is 1 with the predicted probability
	features []feature
	net      *mlp.Net
	theta    []float64
}

// A modelJSON is a model file. Where a pointer is nil the file says nothing, or
// null, and zero would be taken for a value.
type modelJSON struct {
	Format   string        `json:"format"`
	Target   string        `json:"target"`
	Features []featureJSON `json:"features"`
	Layers   []layerJSON   `json:"layers"`
	Loss     string        `json:"loss"`
	Theta    []*float64    `json:"theta"`
}

var modelFields = []string{"format", "target", "features", "name", "mean", "deviation",
	"layers", "width", "activation", "bias", "loss", "theta"}

type featureJSON struct {
	Name      string   `json:"name"`
	Mean      *float64 `json:"mean"`
	Deviation *float64 `json:"deviation"`
}

type layerJSON struct {
	Width      int    `json:"width"`
	Activation string `json:"activation"`
	Bias       *bool  `json:"bias"`
}

// A ModelError reports what is wrong in a model file.
type ModelError struct {
	File         string
	Line, Column int // 0 unless it is the JSON at this place
	Reason       string
}

func (e *ModelError) Error() string {
	if e.Line == 0 {
		return e.File + ": " + brief(e.Reason)
	}
	return fmt.Sprintf("%s: line %d, column %d: %s", e.File, e.Line, e.Column, brief(e.Reason))
}

// readModel reads a model file, or standard input for "-". An error in the file is a
// *ModelError.
func readModel(path string) (*model, error) {
	in, name, err := openInput(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, maxModelBytes+1))
	if err != nil {
		return nil, err
	}
	return decodeModel(name, data)
}

// decodeModel returns the model of a file with the given name and contents.
func decodeModel(name string, data []byte) (*model, error) {
	if len(data) > maxModelBytes {
		return nil, &ModelError{File: name, Reason: fmt.Sprintf("larger than %d MiB", maxModelBytes>>20)}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // which some editors begin files with
	j, err := parseModel(data)
	if err != nil {
		return nil, jsonError(name, data, err)
	}
	m, err := j.model()
	if err != nil {
		return nil, &ModelError{File: name, Reason: err.Error()}
	}
	return m, nil
}

// parseModel first looks at the format alone, lest a file of another kind be
// blamed for its fields.
func parseModel(data []byte) (*modelJSON, error) {
	if hasArrays(data) {
		return nil, errors.New("this is no model" + whatIs(data))
	}
	var head struct{ Format string }
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, err
	}
	if head.Format != modelFormat {
		hint := whatIs(data)
		if hint == "" {
			hint = `; "touchstone train -save" writes such a file`
		}
		return nil, fmt.Errorf("the format is %.50q, want %q%s", head.Format, modelFormat, hint)
	}
	if err := strictjson.Vet(data, maxParams, modelFields...); err != nil {
		return nil, err
	}
	j := new(modelJSON)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields() // in the wrong place
	return j, d.Decode(j)
}

// jsonError says where in data err is, in words that know nothing of Go.
func jsonError(path string, data []byte, err error) error {
	offset, reason := int64(0), strings.TrimPrefix(err.Error(), "json: ")
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
		reason = strings.TrimPrefix(fmt.Sprintf("%s: found %s, want %s", kind.Field, kind.Value, jsonKind(kind.Type.Kind())), ": ")
	default:
		return &ModelError{File: path, Reason: reason}
	}
	if text := bytes.TrimSpace(data); len(text) > 0 && text[0] != '{' {
		reason += `: this is no model, as "touchstone train -save" writes it`
	}
	before := data[:max(offset-1, 0)] // the offset counts the offending byte
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return &ModelError{path, line, column, reason}
}

func jsonKind(k reflect.Kind) string {
	switch k {
	case reflect.Float64:
		return "a number in the range of float64"
	case reflect.Int:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Struct:
		return "an object"
	}
	return "a string"
}

// model checks everything that JSON cannot express.
func (j *modelJSON) model() (*model, error) {
	if j.Loss != modelLoss.String() {
		return nil, fmt.Errorf("the loss is %q, want %q", j.Loss, modelLoss)
	}
	features, err := j.features()
	if err != nil {
		return nil, err
	}
	layers, err := j.layers()
	if err != nil {
		return nil, err
	}
	net, err := newNet(len(features), layers)
	if err != nil {
		return nil, err
	}
	if len(j.Theta) != net.NumParams() {
		return nil, fmt.Errorf("theta has %s, the network %v has %s",
			count(len(j.Theta), "value"), net, count(net.NumParams(), "parameter"))
	}
	theta := make([]float64, len(j.Theta))
	for i, v := range j.Theta {
		if v == nil {
			return nil, fmt.Errorf("theta[%d] is null", i)
		}
		theta[i] = *v
	}
	return &model{j.Target, features, net, theta}, nil
}

func (j *modelJSON) features() ([]feature, error) {
	if j.Target == "" {
		return nil, errors.New("there is no target")
	}
	if j.Target != strings.TrimSpace(j.Target) {
		return nil, fmt.Errorf("the target %q has a space around it, and a column has none", j.Target)
	}
	if len(j.Features) == 0 {
		return nil, errors.New("there are no features")
	}
	taken := map[string]bool{j.Target: true}
	features := make([]feature, len(j.Features))
	for k, f := range j.Features {
		switch {
		case f.Name == "":
			return nil, fmt.Errorf("features[%d] has no name", k)
		case f.Name != strings.TrimSpace(f.Name):
			return nil, fmt.Errorf("features[%d] has the name %q, with a space around it, and a column has none", k, f.Name)
		case taken[f.Name]:
			return nil, fmt.Errorf("features[%d] has the name %q, which is taken", k, f.Name)
		case f.Mean == nil:
			return nil, fmt.Errorf("feature %q has no mean", f.Name)
		case f.Deviation == nil:
			return nil, fmt.Errorf("feature %q has no deviation", f.Name)
		case !(*f.Deviation > 0):
			return nil, fmt.Errorf("feature %q has the deviation %v, want one above 0", f.Name, *f.Deviation)
		}
		taken[f.Name] = true
		features[k] = feature{f.Name, *f.Mean, *f.Deviation}
	}
	return features, nil
}

func (j *modelJSON) layers() ([]mlp.Layer, error) {
	layers := make([]mlp.Layer, len(j.Layers))
	for l, d := range j.Layers {
		f, err := activation.ByName(d.Activation)
		if err != nil {
			return nil, fmt.Errorf("layers[%d]: %w", l, err)
		}
		if d.Bias == nil {
			return nil, fmt.Errorf("layers[%d] does not say if it has a bias", l)
		}
		layers[l] = mlp.Layer{Width: d.Width, Activation: f, NoBias: !*d.Bias}
	}
	if l := len(layers) - 1; l < 0 || layers[l].Width != 1 || layers[l].Activation != (activation.Identity{}) {
		return nil, fmt.Errorf("the last layer is not one %v neuron", activation.Identity{})
	}
	return layers, nil
}

// json returns what is in the model file.
func (m *model) json() *modelJSON {
	j := &modelJSON{Format: modelFormat, Target: m.target, Loss: modelLoss.String()}
	for _, f := range m.features {
		j.Features = append(j.Features, featureJSON{f.name, &f.mean, &f.deviation})
	}
	j.Layers = layersJSON(m.net)
	for i := range m.theta {
		j.Theta = append(j.Theta, &m.theta[i])
	}
	return j
}

// encode returns the model file. Its numbers are the shortest that round to the
// same float64, so that reading it restores every bit.
func (m *model) encode() ([]byte, error) {
	var b bytes.Buffer
	if err := printDocument(&b, m.json()); err != nil {
		return nil, err
	}
	if b.Len() > maxModelBytes {
		return nil, errors.New("the model is larger than " + strconv.Itoa(maxModelBytes>>20) + " MiB")
	}
	return b.Bytes(), nil
}

// save writes the model file, or leaves everything as it was.
func (m *model) save(path string) error {
	data, err := m.encode()
	if err != nil {
		return fmt.Errorf("cannot save %s: %w", path, err) // for what it holds
	}
	return writeAtomically(path, data)
}

package touchstone

import (
	"errors"
	"fmt"
	"strconv"

	"touchstone/internal/strictjson"
	"touchstone/mlp/exact"
)

const claimSchema = "touchstone-claim-1"

// MaxClaimFile is how large a claim file may be.
const MaxClaimFile = 16 << 20

// A network of a claim is computed in high precision, by anybody who asks. These
// bound the memory, to some hundred MB. The time also depends on the values: a
// thousandth of the largest network takes seconds where units are saturated, and the
// search for the cause of a failure takes some more; see maxSearch.
const (
	maxUnits = 1 << 18 // samples × units
	maxWork  = 1 << 20 // samples × parameters
)

// DecodeClaim reads a claim file, as testdata/golden/README.md describes it, and
// returns the case that it is about: an embedded one, or one that the file brings
// along and for which the exact results are computed. What such a file does not claim
// is in the case to the digits of a float64 only, and there is no Step.Loss.
//
// An error is a *FormatError, with the given name for the file's. A number too large
// for a float64 is one, and a number too small for it is 0.
func DecodeClaim(name string, data []byte) (Case, Claim, error) {
	if len(data) > MaxClaimFile {
		return Case{}, Claim{}, &FormatError{File: name, Reason: "is larger than " + strconv.Itoa(MaxClaimFile>>20) + " MiB: claim fewer layers, or of fewer samples"}
	}
	data, reason := content(data, "a claim")
	if reason != "" {
		return Case{}, Claim{}, &FormatError{File: name, Reason: reason}
	}
	f := &claimFile{decoder: decoder{name: name}}
	err := strictjson.Read(data, f.read)
	if e := (*strictjson.Error)(nil); errors.As(err, &e) {
		return Case{}, Claim{}, &FormatError{name, e.Path, e.Reason}
	}
	c, err := f.find()
	if err != nil {
		return Case{}, Claim{}, &FormatError{File: name, Reason: err.Error()}
	}
	if err := f.claim(&c); err != nil {
		return Case{}, Claim{}, &FormatError{name, err.Path, err.Reason}
	}
	return c, f.made, nil
}

type claimFile struct {
	decoder
	id        string
	own       bool // fields of a network of its own are there
	rated     bool // the rate is one of them
	net       *netShape
	loss      string
	reduction string // "" if it is not said
	problem   exact.Problem
	x, t      [][]float64
	targets   string // "t" or "dy"

	z, a, delta [][][]float64
	dx          [][]float64
	made        Claim
}

func (f *claimFile) read(r *strictjson.Reader) {
	f.Reader = r
	r.Object(func(field string) bool {
		switch field {
		case "schema":
			if s := r.Text(); s != claimSchema {
				r.Fail("is %.40q, want %q", s, claimSchema)
			}
		case "case":
			if f.id = r.Text(); f.id == "" {
				r.Fail("is empty")
			}
		case "precision":
			p, err := PrecisionByName(r.Text())
			if e := (*ClaimError)(nil); errors.As(err, &e) {
				r.Fail("%s", e.Reason)
			}
			f.made.Precision = p
		case "claim":
			f.readClaim()
		default:
			f.own = true
			return f.readProblem(field)
		}
		return true
	}, "schema", "claim")
	if r.Failed() {
		return
	}
	switch {
	case f.id != "" && f.own:
		r.Fail("has a case and also a network of its own: leave out one of them")
	case f.id != "":
	case f.net == nil:
		r.Fail(`has no field "case", and no "net" instead`)
	case f.problem.Theta == nil:
		r.Fail(`has no field "theta"`)
	case f.x == nil:
		r.Fail(`has no field "x"`)
	case f.t == nil:
		r.Fail(`has no field "t" with targets, and no "dy" instead`)
	case f.loss == "":
		r.Fail(`has no field "loss"`)
	case (f.targets == "dy") != (f.loss == "none"):
		r.Fail(`a loss goes with "t", and the loss "none" with "dy"`)
	case len(f.made.After) > 0 && !f.rated:
		r.Fail(`claims theta after a step, and has no field "rate"`)
	case f.loss == "none" && f.reduction == "mean":
		r.Fail(`has the loss "none", which is a sum over the samples: leave out the reduction, or want "sum"`)
	default:
		f.assemble()
	}
}

func (f *claimFile) readProblem(field string) bool {
	p := &f.problem
	switch field {
	case "net":
		f.net = f.readNet()
	case "loss":
		if f.loss = f.Text(); f.loss == "none" {
			break
		}
		p.Loss = f.lossByName(f.loss)
	case "reduction":
		switch f.reduction = f.Text(); f.reduction {
		case "mean", "sum":
			p.Sum = f.reduction == "sum"
		default:
			f.Fail("is %.40q, want \"mean\" or \"sum\"", f.reduction)
		}
	case "l2":
		p.Lambda = f.Float()
	case "rate":
		p.Rate, f.rated = f.Float(), true
	case "theta":
		p.Theta = strictjson.List(f.Reader, f.Float)
	case "x":
		f.x = rows(&f.decoder, f.Float)
	case "t", "dy":
		if f.t != nil {
			f.Fail(`comes after the other of "t" and "dy": a loss goes with "t", and the loss "none" with "dy"`)
		}
		f.t, f.targets = rows(&f.decoder, f.Float), field
	default:
		return false
	}
	return true
}

// assemble checks sizes before anything of them is computed.
func (f *claimFile) assemble() {
	p := &f.problem
	var err error
	if p.Net, err = f.net.newNet(len(p.Theta)); err != nil {
		f.FailAt(".theta", "%v", err)
		return
	}
	units := 0
	for _, l := range f.net.layers {
		units += l.Width // not above the number of parameters
	}
	samples := len(f.x)
	if units > maxUnits/samples || len(p.Theta) > maxWork/samples {
		f.Fail("has %d parameters, %d units and %d samples, which is too much to compute exactly: "+
			"want at most %d parameters times samples, and %d units times samples",
			len(p.Theta), units, samples, maxWork, maxUnits)
		return
	}
	p.X = f.matrix(".x", f.x, samples, p.Net.Inputs())
	m := f.matrix("."+f.targets, f.t, samples, p.Net.Outputs())
	if p.T = m; p.Loss == nil {
		p.T, p.DY = p.DY, m
	}
}

// find returns the case that the claim is about.
func (f *claimFile) find() (Case, error) {
	if f.id != "" {
		c, ok := CaseByID(f.id)
		if !ok {
			return c, fmt.Errorf("case: there is no case %.100q; the ids are in testdata/golden/*.json", f.id)
		}
		return c, nil
	}
	k := &f.made
	return newCase("", f.problem, exact.Fields{
		Loss: k.Loss != nil, Grad: k.Grad != nil, DX: f.dx != nil, After: k.After != nil,
		Z: f.z != nil, A: f.a != nil, Delta: f.delta != nil,
	})
}

func (f *claimFile) readClaim() {
	k := &f.made
	f.Object(func(field string) bool {
		switch field {
		case "loss":
			v := f.Float()
			k.Loss = &v
		case "grad":
			k.Grad = strictjson.List(f.Reader, f.Float)
		case "after":
			k.After = strictjson.List(f.Reader, f.Float)
		case "z":
			f.z = layers(&f.decoder, f.Float)
		case "a":
			f.a = layers(&f.decoder, f.Float)
		case "delta":
			f.delta = layers(&f.decoder, f.Float)
		case "dx":
			f.dx = rows(&f.decoder, f.Float)
		default:
			return false
		}
		return true
	})
}

// claim flattens what was claimed, once the case says which shape it must have.
func (f *claimFile) claim(c *Case) *FormatError {
	var wrong *FormatError
	flat := func(path string, m [][]float64, cols int) (v []float64) {
		if reason := misshapen(m, c.X.Rows, cols); reason != "" && wrong == nil {
			wrong = &FormatError{Path: path, Reason: reason}
		}
		for _, row := range m {
			v = append(v, row...)
		}
		return v
	}
	each := func(path string, m [][][]float64) (v [][]float64) {
		if m != nil && len(m) != c.Net.NumLayers() && wrong == nil {
			wrong = &FormatError{Path: path, Reason: fmt.Sprintf("has %d layers, want %d", len(m), c.Net.NumLayers())}
		}
		for l := range m {
			if wrong == nil {
				v = append(v, flat(fmt.Sprintf("%s[%d]", path, l), m[l], c.Net.Layer(l).Width))
			}
		}
		return v
	}
	f.made.Z, f.made.A, f.made.Delta = each("claim.z", f.z), each("claim.a", f.a), each("claim.delta", f.delta)
	if f.dx != nil {
		f.made.DX = flat("claim.dx", f.dx, c.Net.Inputs())
	}
	if wrong != nil {
		return wrong
	}
	if e := (*ClaimError)(nil); errors.As(f.made.Check(c), &e) {
		if e.Field == "itself" {
			return &FormatError{Path: "claim", Reason: e.Reason}
		}
		return &FormatError{Path: "claim." + e.Field, Reason: e.Reason}
	}
	return nil
}

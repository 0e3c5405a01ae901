package touchstone

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"

	"touchstone/internal/strictjson"
)

const schema = "touchstone-golden-1"

// A FormatError reports vectors that cannot be used.
type FormatError struct {
	File   string // its name
	Path   string // "groups[0].tests[3].theta[2]"; "" for the whole file
	Reason string // what is wrong there
}

// Error returns file, path and reason.
func (e *FormatError) Error() string {
	if e.Path == "" {
		return e.File + ": " + e.Reason
	}
	return e.File + ": " + e.Path + ": " + e.Reason
}

// MaxVectorFile is how large a file of vectors may be: far more than any of the
// embedded ones. It bounds the memory that decoding one may take.
const MaxVectorFile = 16 << 20

// DecodeVectors reads a file of vectors, as testdata/golden/README.md describes it and
// Vectors writes it, of at most MaxVectorFile bytes. Its errors are *FormatError, with the given name
// for the file's.
func DecodeVectors(name string, data []byte) ([]Case, []Scalar, error) { return decode(name, data) }

// decode reads a file of vectors. Its errors are *FormatError.
func decode(name string, data []byte) ([]Case, []Scalar, error) {
	if len(data) > MaxVectorFile {
		return nil, nil, &FormatError{File: name, Reason: "is larger than " + strconv.Itoa(MaxVectorFile>>20) + " MiB"}
	}
	data, reason := content(data, "vectors")
	if reason != "" {
		return nil, nil, &FormatError{File: name, Reason: reason}
	}
	d := &decoder{name: name}
	err := strictjson.Read(data, d.file)
	if e := (*strictjson.Error)(nil); errors.As(err, &e) {
		return nil, nil, &FormatError{name, e.Path, e.Reason}
	}
	return d.cases, d.scalars, nil
}

// content returns data without the byte order mark that some editors begin files with,
// and says what is wrong if nothing is left of it.
func content(data []byte, wanted string) (rest []byte, reason string) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		reason = "is empty, want " + wanted + ": see testdata/golden/README.md"
	}
	return data, reason
}

type decoder struct {
	*strictjson.Reader
	name    string
	source  string
	fit     *Fit
	ids     map[string]bool
	cases   []Case
	scalars []Scalar
}

// failAs fails as the error of another package says, whose name the field has, too.
func (d *decoder) failAs(err error) {
	_, reason, _ := strings.Cut(err.Error(), ": ")
	d.Fail("%s", reason)
}

func (d *decoder) file(r *strictjson.Reader) {
	d.Reader, d.ids = r, map[string]bool{}
	count := 0
	r.Object(func(field string) bool {
		switch field {
		case "schema":
			if s := r.Text(); s != schema {
				r.Fail("is %q, want %q", s, schema)
			}
		case "source":
			d.source = r.Text()
		case "provenance", "conventions":
			r.Object(func(string) bool { r.Text(); return true })
		case "flags":
			r.Object(func(string) bool { d.flag(); return true })
		case "count":
			count = r.Int(1)
		case "fit":
			d.fit = d.readFit()
		case "groups":
			r.Array(func(int) { d.group() })
		default:
			return false
		}
		return true
	}, "schema", "source", "provenance", "conventions", "flags", "count", "groups")
	if n := len(d.cases) + len(d.scalars); n != count {
		r.FailAt(".count", "is %d, and there are %d tests", count, n)
	}
	for i := range d.cases {
		d.cases[i].Source, d.cases[i].Fit = d.source, d.fit
	}
}

func (d *decoder) flag() {
	d.Object(func(field string) bool {
		if field != "bug_type" && field != "meaning" {
			return false
		}
		d.Text()
		return true
	}, "bug_type", "meaning")
}

func (d *decoder) readFit() *Fit {
	f := &Fit{map[string]string{}, map[string]Decimal{}}
	d.Object(func(field string) bool {
		switch field {
		case "certified":
			d.Object(func(key string) bool { f.Certified[key] = d.Text(); return true })
		case "solution":
			d.Object(func(key string) bool { f.Solution[key] = d.decimal(); return true })
		default:
			return false
		}
		return true
	}, "certified", "solution")
	return f
}

// id reads an id that the file does not have yet.
func (d *decoder) id() string {
	id := d.Text()
	if id == "" || d.ids[id] {
		d.Fail("is %q, which is empty or was there before: want an id that no other test has", id)
	}
	d.ids[id] = true
	return id
}

// Exponents of six digits are as far as the format goes; what is computed with
// such a number stays quick.
var (
	decimalPattern = regexp.MustCompile(`^(0|-?[1-9]\.[0-9]{1,39}e[+-][0-9]{1,6})$`)
	scalePattern   = regexp.MustCompile(`^(0|[1-9]\.[0-9]{1,5}e[+-][0-9]{1,6})$`)
)

// decimal reads an exact result.
func (d *decoder) decimal() Decimal {
	s := d.Text()
	if !d.Failed() && !decimalPattern.MatchString(s) {
		d.Fail("%.50q is not a decimal, want 0 or such as -1.25e-3", s)
	}
	return Decimal(s)
}

// tolerance reads a value of scale. One that no float64 holds is 0 or +Inf, which
// is as fair.
func (d *decoder) tolerance() float64 {
	s := d.Text()
	if !d.Failed() && !scalePattern.MatchString(s) {
		d.Fail("%.50q is not a scale, want 0 or such as 1.25e+0", s)
	}
	v, _ := strconv.ParseFloat(s, 64)
	return v
}

// special reads a float64 that may be "inf", "-inf" or "nan".
func (d *decoder) special() float64 {
	s := d.Text()
	v, err := strconv.ParseFloat(s, 64)
	named := s == "inf" || s == "-inf" || s == "nan"
	if err != nil || v-v != 0 && !named || strings.Contains(s, "_") {
		d.Fail("%.50q is not a float64, want such as 0x1.8p-3, 0.1875, inf, -inf or nan", s)
	}
	return v
}

// functions are those that scalar tests may have, with the name of the first
// argument.
var functions = map[string]string{
	"identity": "z", "identity-derivative": "z", "sigmoid": "z", "sigmoid-derivative": "z",
	"tanh": "z", "tanh-derivative": "z", "relu": "z", "relu-derivative": "z",
	"softplus": "z", "softplus-derivative": "z", "log-sigmoid": "z",
	"cross-entropy": "y", "cross-entropy-derivative": "y",
	"logit-cross-entropy": "z", "logit-cross-entropy-derivative": "z",
}

func (d *decoder) scalar(function string) Scalar {
	s := Scalar{File: d.name, Function: function}
	fields := []string{"id", "comment", "flags", "nearest", functions[function]}
	hasTarget := strings.Contains(function, "cross-entropy")
	if hasTarget {
		fields = append(fields, "t")
	}
	d.Object(func(field string) bool {
		switch field {
		case "id":
			s.ID = d.id()
		case "comment":
			s.Comment = d.Text()
		case "flags":
			s.Flags = d.Strings()
		case "z", "y":
			s.Arg = d.special()
			return field == functions[function]
		case "t":
			s.Target = d.special()
			return hasTarget
		case "value":
			s.Value = d.Text()
			switch s.Value {
			case "inf", "-inf", "nan":
			default:
				if !decimalPattern.MatchString(s.Value) {
					d.Fail("%.50q is not a value, want a decimal such as -1.25e-3, inf, -inf or nan", s.Value)
				}
			}
		case "nearest":
			s.Nearest = d.special()
		default:
			return false
		}
		return true
	}, fields...)
	if v := s.Value; v != "" && decimalPattern.MatchString(v) && math.IsNaN(s.Nearest) {
		d.FailAt(".nearest", "is NaN, and value is not")
	}
	return s
}

package gradcheck

import (
	"encoding/json"
	"math"
)

// jsonFormat names the fields that a program may rely on. New ones may be added
// under the same name; none is renamed or removed.
const jsonFormat = "touchstone-gradcheck-1"

// MarshalJSON returns the report as one JSON object with these fields:
//
//	format       "touchstone-gradcheck-1"
//	verdict      "pass", "inconclusive" or "fail"
//	mode         "entries", "directions", "certified" or "complex-step"
//	remarks      array of strings
//	failed, undecided, evaluations, gradients   integers
//	blocks       array of {name, offset, rows, cols, verdict, checked, failed,
//	             undecided, fraction, causes}
//	causes       array of {kind, text, factor}, the likeliest first; factor is 0 for
//	             the kinds that have none
//	entries, directions, second   arrays of {index, block, name, analytic, numeric,
//	             bound, allowed, ratio, min_detectable, order, verdict, reason}
//	controls     array of {name, refused}
//
// Each field is there, and arrays are never null. Block is an index into blocks; a
// vector has cols 0; the index of a direction is −1. Numbers are the shortest that
// read back as the same float64; those that JSON lacks are the strings "NaN",
// "+Inf" and "-Inf". Equal reports give equal bytes.
func (r *Report) MarshalJSON() ([]byte, error) {
	j := jsonReport{
		Format:      jsonFormat,
		Verdict:     r.Verdict.word(),
		Mode:        r.Mode.String(),
		Remarks:     append([]string{}, r.Remarks...),
		Failed:      r.Failed,
		Undecided:   r.Undecided,
		Evaluations: r.Evaluations,
		Gradients:   r.Gradients,
		Blocks:      []jsonBlock{},
		Entries:     jsonEntries(r.Entries),
		Directions:  jsonEntries(r.Directions),
		Second:      jsonEntries(r.Second),
		Controls:    []jsonControl{},
	}
	for _, b := range r.Blocks {
		causes := []jsonCause{}
		for _, c := range b.Causes {
			causes = append(causes, jsonCause{c.Kind, c.Text, number(c.Factor)})
		}
		j.Blocks = append(j.Blocks, jsonBlock{
			b.Name, b.Offset, b.Rows, b.Cols, b.Verdict.word(), b.Checked, b.Failed, b.Undecided, number(b.Fraction), causes,
		})
	}
	for _, c := range r.Controls {
		j.Controls = append(j.Controls, jsonControl(c))
	}
	return json.Marshal(j)
}

type jsonReport struct {
	Format      string        `json:"format"`
	Verdict     string        `json:"verdict"`
	Mode        string        `json:"mode"`
	Remarks     []string      `json:"remarks"`
	Failed      int           `json:"failed"`
	Undecided   int           `json:"undecided"`
	Evaluations int           `json:"evaluations"`
	Gradients   int           `json:"gradients"`
	Blocks      []jsonBlock   `json:"blocks"`
	Entries     []jsonEntry   `json:"entries"`
	Directions  []jsonEntry   `json:"directions"`
	Second      []jsonEntry   `json:"second"`
	Controls    []jsonControl `json:"controls"`
}

type jsonBlock struct {
	Name      string      `json:"name"`
	Offset    int         `json:"offset"`
	Rows      int         `json:"rows"`
	Cols      int         `json:"cols"`
	Verdict   string      `json:"verdict"`
	Checked   int         `json:"checked"`
	Failed    int         `json:"failed"`
	Undecided int         `json:"undecided"`
	Fraction  number      `json:"fraction"`
	Causes    []jsonCause `json:"causes"`
}

type jsonCause struct {
	Kind   CauseKind `json:"kind"`
	Text   string    `json:"text"`
	Factor number    `json:"factor"`
}

type jsonEntry struct {
	Index         int    `json:"index"`
	Block         int    `json:"block"`
	Name          string `json:"name"`
	Analytic      number `json:"analytic"`
	Numeric       number `json:"numeric"`
	Bound         number `json:"bound"`
	Allowed       number `json:"allowed"`
	Ratio         number `json:"ratio"`
	MinDetectable number `json:"min_detectable"`
	Order         number `json:"order"`
	Verdict       string `json:"verdict"`
	Reason        string `json:"reason"`
}

type jsonControl struct {
	Name    string `json:"name"`
	Refused bool   `json:"refused"`
}

func jsonEntries(list []Entry) []jsonEntry {
	all := make([]jsonEntry, 0, len(list))
	for _, e := range list {
		all = append(all, jsonEntry{
			e.Index, e.Block, e.Name, number(e.Analytic), number(e.Numeric), number(e.Bound), number(e.Allowed), number(e.Ratio()),
			number(e.MinDetectable), number(e.Order), e.Verdict.word(), e.Reason,
		})
	}
	return all
}

// word returns the verdict in lower case, like all other words in the JSON.
func (v Verdict) word() string {
	switch v {
	case Pass:
		return "pass"
	case Inconclusive:
		return "inconclusive"
	}
	return "fail"
}

// A number is a float64 that JSON can hold even if it is not finite.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	switch {
	case math.IsNaN(v):
		return []byte(`"NaN"`), nil
	case math.IsInf(v, 1):
		return []byte(`"+Inf"`), nil
	case math.IsInf(v, -1):
		return []byte(`"-Inf"`), nil
	}
	return json.Marshal(v)
}

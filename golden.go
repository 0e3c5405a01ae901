// Package touchstone compares somebody's backpropagation with the truth.
//
// Cases and Scalars are the golden vectors: small networks, and functions at single
// places, with exact results for every intermediate value and every derivative. They are
// embedded in the package, so that they are there wherever it is vendored. They come
// from a generator that knows no backpropagation; testdata/golden/README.md describes
// the format, which any language can read.
//
// A Claim is what an implementation computed for a Case, and Judge says whether rounding
// can excuse the differences, which block is the first that it cannot, and what mistake
// would explain it. DecodeClaim reads claims that programs in other languages wrote, and
// NewCase states the truth for a network of your own, which Vectors writes to a file.
//
// GradientProblem asks the same of a gradient alone, with package gradcheck.
package touchstone

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/loss"
	"touchstone/mlp"
)

//go:embed testdata/golden/*.json
var vectors embed.FS

// files decodes the embedded files whose text is wanted.
func files(wanted func(data []byte) bool, yield func([]Case, []Scalar)) {
	const dir = "testdata/golden"
	entries, err := vectors.ReadDir(dir)
	if err != nil {
		panic(err) // the files are part of the binary
	}
	for _, entry := range entries {
		data, err := vectors.ReadFile(dir + "/" + entry.Name())
		if err != nil {
			panic(err)
		}
		if !wanted(data) {
			continue
		}
		cases, scalars, err := decode(entry.Name(), data)
		if err != nil {
			panic(err)
		}
		yield(cases, scalars)
	}
}

// Cases returns the embedded networks, decoded, in the order of their files' names
// and of the files. Each call returns cases of their own memory.
func Cases() []Case {
	var all []Case
	files(func([]byte) bool { return true }, func(cases []Case, _ []Scalar) { all = append(all, cases...) })
	return all
}

// Scalars returns the embedded values of scalar functions, like Cases.
func Scalars() []Scalar {
	var all []Scalar
	files(func(data []byte) bool { return bytes.Contains(data, []byte(`"scalar"`)) },
		func(_ []Case, scalars []Scalar) { all = append(all, scalars...) })
	return all
}

// CaseByID returns the embedded case of that ID, and whether there is one.
func CaseByID(id string) (Case, bool) {
	var found Case
	quoted, _ := json.Marshal(id) // strings have no errors
	files(func(data []byte) bool { return found.ID == "" && bytes.Contains(data, quoted) },
		func(cases []Case, _ []Scalar) {
			for _, c := range cases {
				if c.ID == id {
					found = c
				}
			}
		})
	return found, found.ID != ""
}

// A Case is a network, its parameters and samples, and what is to come out. The
// objective is that of mlp: the mean of Loss over the samples, or their sum, plus
// ½·Lambda·‖W‖². Where Loss is nil the objective is Σ DY·y.
type Case struct {
	File    string   // in which it stands, such as "mazur.json"
	Source  string   // where the example comes from
	ID      string   // stable, never used for anything else
	Comment string   // what it is about; may be empty
	Flags   []string // what a failure means, such as "Saturated"; see the README of the vectors

	Net    *mlp.Net       // the architecture
	Loss   loss.Func      // of one sample, or nil
	Sum    bool           // the sum over the samples, not the mean
	Lambda float64        // λ of the regulariser
	Theta  []float64      // the parameters, Net.NumParams of them, in the order of mlp
	X      blas64.General // inputs, samples × Net.Inputs
	T      blas64.General // targets, samples × Net.Outputs; zero if Loss is nil
	DY     blas64.General // derivative with respect to the output, of the same shape; zero if Loss is not nil

	Exact     Exact           // what is to come out
	Scale     Scale           // what rounding may cost
	Step      *Step           // nil if the case has none
	Training  *Training       // nil if the case has none
	Fit       *Fit            // nil if the case has none
	AsPrinted json.RawMessage // what a published text or program prints, nil if none
}

// Objective returns the objective of the case. It panics if Loss is nil.
func (c *Case) Objective() *mlp.Objective {
	o := mlp.NewObjective(c.Net, c.Loss, c.X, c.T)
	o.Sum, o.Lambda = c.Sum, c.Lambda
	return o
}

// Exact holds the results in real arithmetic for the float64 inputs as they are.
// In Z, A and Delta the indices are layer, sample, neuron. A[l] is the output of
// layer l (mlp.Trace has it in A[l+1]).
type Exact struct {
	Z, A, Delta [][][]Decimal
	Loss        Decimal     // E, reduced over the samples, with the regulariser
	Grad        []Decimal   // ∂E/∂θ, in the order of Theta
	DX          [][]Decimal // ∂E/∂x, by sample and input

	OneMinusP      Decimal // 1 − a of the single neuron, else ""
	SequentialLoss Decimal // after a step in the wrong order (Mazur), else ""
}

// Scale holds the fair tolerance of everything in Exact, and of Step.Theta: to
// first order, no sound evaluation in precision u errs by more than u·Scale, in
// whatever order it sums. Z, A, Delta, Loss, Grad and DX have the shapes that they
// have in Exact. See the README of the vectors, or package exact.
type Scale struct {
	Z, A, Delta [][][]float64
	Loss        float64
	Grad        []float64
	DX          [][]float64
	After       []float64 // of Step.Theta; nil without a Step
}

// A Step is one step of gradient descent, with everything exact.
type Step struct {
	Rate   float64   // the learning rate
	Frozen []string  // blocks that keep their values: "b0"
	Theta  []Decimal // afterwards
	Loss   Decimal   // afterwards; "" if nobody asked for it
}

// Training is gradient descent over mini-batches in the order of the samples,
// with everything exact and the batches weighted as mlp.SGD weighs them.
type Training struct {
	Rate       float64     // the learning rate
	Batch      int         // samples in a batch, of which the last may have fewer
	Frozen     []string    // blocks that keep their values: "b0"
	Milestones []Milestone // by epoch
}

// A Milestone is the state after an epoch.
type Milestone struct {
	Epoch int       // counted from 1
	Loss  Decimal   // over all samples
	Theta []Decimal // the parameters
}

// Fit holds the published and the exact parameters of a regression by least
// squares. Keys are "b1", "b2", …, and "rss" for the residual sum of squares.
type Fit struct {
	Certified map[string]string  // as published
	Solution  map[string]Decimal // exact, for the float64 data
}

// A Scalar is the value of a scalar function at one place.
type Scalar struct {
	// These are as in a Case.
	File, ID, Comment string
	Flags             []string

	Function string  // "sigmoid", "sigmoid-derivative", "logit-cross-entropy", …
	Arg      float64 // z, or y for the cross-entropy of a probability
	Target   float64 // t, for losses only
	Value    string  // a Decimal, "inf", "-inf", "nan"; "" where it is below any exponent
	Nearest  float64 // the float64 nearest the exact value, ties to even
}

// A Decimal is an exact result, correctly rounded to 40 significant digits, such
// as "5.242885663363478925657932296728015129948e-22". "0" is exactly zero.
type Decimal string

const notDecimal = "touchstone: Decimal that is not a decimal"

// Big returns d with 200 bits, more than its 40 digits fill. It panics if d is not
// a decimal, which a decoded one always is.
func (d Decimal) Big() *big.Float {
	v, err := parseBig(string(d))
	if err != nil {
		panic(notDecimal)
	}
	return v
}

func parseBig(s string) (*big.Float, error) {
	if i := strings.IndexAny(s, "eEpP"); i >= 0 && len(s)-i > len("e-999999") {
		return nil, strconv.ErrRange // math/big would take all day
	}
	v, _, err := big.ParseFloat(s, 10, 200, big.ToNearestEven)
	return v, err
}

// Float64 returns the float64 nearest d, and ±Inf beyond the largest. It panics
// like Big.
func (d Decimal) Float64() float64 {
	v, err := strconv.ParseFloat(string(d), 64)
	if errors.Is(err, strconv.ErrSyntax) {
		panic(notDecimal)
	}
	return v
}

// Error returns |got − d|, and +Inf for a got that is not finite. It panics like Big.
func (d Decimal) Error(got float64) float64 {
	if math.IsNaN(got) || math.IsInf(got, 0) {
		return math.Inf(1)
	}
	diff := d.Big()
	diff.Sub(new(big.Float).SetFloat64(got), diff)
	e, _ := diff.Abs(diff).Float64()
	return e
}

package mlp

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"
)

// SGD is stochastic gradient descent with a constant learning rate, over
// mini-batches.
//
// Every sample weighs the same in an epoch, wherever the batches fall: with the
// mean objective a batch moves θ by −Rate/Batch times the sum of its samples'
// gradients, also a last batch that is short of Batch samples. (Dividing by that
// batch's own size would let its samples count for more.) With the sum objective
// nothing is divided. The regulariser goes with the samples: with the mean a full
// batch takes it whole, with the sum a batch takes its samples' share of it.
type SGD struct {
	Rate      float64     // learning rate η, finite and not negative
	Batch     int         // samples in a mini-batch; 0, or more than there are: all of them
	Epochs    int         // passes over the samples
	Seed      uint64      // of the shuffling before every epoch
	NoShuffle bool        // keep the samples in their order; so does a batch of all samples
	OnEpoch   func(Epoch) // called after every epoch, unless nil
}

// An Epoch reports on a finished epoch of training.
type Epoch struct {
	Number int     // counted from 1
	Loss   float64 // the objective over all samples, at θ as the epoch left it
}

// A DivergedError reports that training was stopped because the objective or a
// parameter was no longer finite.
type DivergedError struct {
	Epoch int     // the epoch that diverged, counted from 1; 0: before training
	Loss  float64 // the objective after it
	Param string  // the first parameter that is not finite, as ParamName has it, or ""
}

// Error says what is not finite, after which epoch, and what may help.
func (e *DivergedError) Error() string {
	what := fmt.Sprintf("the loss is %v", e.Loss)
	if e.Param != "" {
		what = "parameter " + e.Param + " is not finite"
	}
	if e.Epoch == 0 {
		return "mlp: cannot train: " + what + " before the first epoch"
	}
	return fmt.Sprintf("mlp: training diverged: %s after epoch %d; a lower learning rate may help", what, e.Epoch)
}

// Train minimises o, starting from theta and leaving the result there. The same
// arguments give the same bits, on every platform.
//
// If the objective or a parameter turns NaN or Inf, Train stops, leaves theta as
// it was after the last epoch where all were finite, and returns a
// *DivergedError. There is no other error. OnEpoch is not called for the epoch
// that diverged.
//
// It panics if Rate is negative or not finite, if Batch or Epochs is negative,
// if theta does not have NumParams elements, or if it overlaps the data or the Trace
// of o.
func (d SGD) Train(theta []float64, o *Objective) error {
	if !(d.Rate >= 0 && d.Rate <= math.MaxFloat64) {
		panic("mlp: Train: Rate is negative or not finite")
	}
	if d.Batch < 0 {
		panic("mlp: Train: negative Batch")
	}
	if d.Epochs < 0 {
		panic("mlp: Train: negative Epochs")
	}
	if len(theta) != o.net.params {
		panic("mlp: Train: length of theta is not NumParams")
	}
	if o.owns(theta) {
		panic("mlp: Train: theta overlaps the data")
	}
	if err := checkFinite(0, o.Func(theta), theta, o.net); err != nil {
		return err
	}

	step := newStepper(d, o)
	src := newSource(d.Seed, shuffleStream)
	last := slices.Clone(theta) // after the last finite epoch
	for number := 1; number <= d.Epochs; number++ {
		if !d.NoShuffle && step.batch < len(step.order) {
			shuffle(step.order, src)
		}
		step.epoch(theta)
		value := o.Func(theta)
		if err := checkFinite(number, value, theta, o.net); err != nil {
			copy(theta, last)
			return err
		}
		copy(last, theta)
		if d.OnEpoch != nil {
			d.OnEpoch(Epoch{Number: number, Loss: value})
		}
	}
	return nil
}

func checkFinite(epoch int, loss float64, theta []float64, n *Net) error {
	for i, v := range theta {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &DivergedError{Epoch: epoch, Loss: loss, Param: n.ParamName(i)}
		}
	}
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return &DivergedError{Epoch: epoch, Loss: loss}
	}
	return nil
}

// shuffle permutes order (Fisher–Yates). The index below i+1 is the high word of
// a 64-bit draw times i+1, uniform to within one part in 2⁶⁴/(i+1).
func shuffle(order []int, src *rand.PCG) {
	for i := len(order) - 1; i > 0; i-- {
		j, _ := bits.Mul64(src.Uint64(), uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}

// A stepper holds what the steps of an epoch share.
type stepper struct {
	o      *Objective
	rate   float64
	batch  int
	order  []int // the samples, in the order of this epoch
	grad   []float64
	x, t   blas64.General // the samples of one batch, gathered
	traces [2]*Trace      // for full batches, and for the ragged last one
}

func newStepper(d SGD, o *Objective) *stepper {
	n := o.x.Rows
	p := &stepper{o: o, rate: d.Rate, batch: min(d.Batch, n), order: make([]int, n), grad: make([]float64, o.net.params)}
	if p.batch == 0 {
		p.batch = n
	}
	for s := range p.order {
		p.order[s] = s
	}
	p.x = newMatrix(p.batch, o.net.Inputs())
	p.t = newMatrix(p.batch, o.net.Outputs())
	p.traces[0] = o.net.NewTrace(p.batch)
	if ragged := n % p.batch; ragged != 0 {
		p.traces[1] = o.net.NewTrace(ragged)
	}
	return p
}

// epoch takes one step for each batch.
func (p *stepper) epoch(theta []float64) {
	n := len(p.order)
	whole := p.batch // the samples over which the regulariser is counted once
	if p.o.Sum {
		whole = n
	}
	for start := 0; start < n; start += p.batch {
		samples, tr := p.order[start:min(start+p.batch, n)], p.traces[0]
		if len(samples) < p.batch {
			tr = p.traces[1]
		}
		p.x.Rows, p.t.Rows = len(samples), len(samples)
		for i, s := range samples {
			copy(row(p.x, i), row(p.o.x, s))
			copy(row(p.t, i), row(p.o.t, s))
		}
		share := float64(len(samples)) / float64(whole)
		p.o.gradient(tr, p.grad, theta, p.x, p.t, p.o.divisor(p.batch), share)
		for i, g := range p.grad {
			theta[i] -= float64(p.rate * g) // (10)
		}
	}
}

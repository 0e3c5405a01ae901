package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// The log has about ten whole lines, the last epoch among them.
func TestEpochLog(t *testing.T) {
	for _, epochs := range []int{1, 7, 10, 11, 19, 2000, 99999} {
		var b bytes.Buffer
		log := &epochLog{w: &b, epochs: epochs}
		for number := 1; number <= epochs; number++ {
			log.note(mlp.Epoch{Number: number, Loss: 0.5})
		}
		lines := strings.SplitAfter(b.String(), "\n")
		require.Empty(t, lines[len(lines)-1])
		lines = lines[:len(lines)-1]
		assert.InDelta(t, min(epochs, 8), len(lines), 3, "%d epochs", epochs)
		require.Len(t, log.kept, len(lines))
		assert.Equal(t, epochJSON{epochs, 0.5}, log.kept[len(lines)-1])
	}
	var b bytes.Buffer
	log := &epochLog{w: &b, epochs: 20}
	for number := 1; number <= 4; number++ {
		log.note(mlp.Epoch{Number: number, Loss: 1 / float64(number)})
	}
	assert.Equal(t, "epoch  2/20  loss 0.500000\nepoch  4/20  loss 0.250000\n", b.String())
}

// wrongLoss has a gradient that is twice its derivative.
type wrongLoss struct{ loss.Squared }

func (wrongLoss) Grad(dst, y, t []float64) {
	loss.Squared{}.Grad(dst, y, t)
	for j := range dst {
		dst[j] *= 2
	}
}

func TestCheckGradient(t *testing.T) {
	net := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}}, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	x := blas64.General{Rows: 2, Cols: 1, Stride: 1, Data: []float64{1, -0.5}}
	y := blas64.General{Rows: 2, Cols: 1, Stride: 1, Data: []float64{1, 0}}
	for _, test := range []struct {
		name  string
		loss  loss.Func
		theta []float64
		want  string
		err   string
	}{
		{"right", modelLoss, []float64{0.5, 0.1, 2, -1}, "gradcheck: PASS: 4 entries", ""},
		{"wrong", wrongLoss{}, []float64{0.5, 0.1, 2, -1}, "gradcheck: FAIL: 4 of 4", errGradient.Error()},
		// At z = 5e3 the sigmoid does not move, and its weight cannot be judged.
		{"saturated", modelLoss, []float64{1e4, 0, 2, -1}, "gradcheck: INCONCLUSIVE: 0 of 4", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			report, err := checkGradient(&progress{}, mlp.NewObjective(net, test.loss, x, y), test.theta)
			require.NoError(t, err)
			err = printCheck(&b, report, func(s string) string { return s })
			if test.err == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, test.err)
			}
			assert.Contains(t, b.String(), test.want)
			assert.Equal(t, test.name == "saturated", strings.Contains(b.String(), "is neither confirmed nor refuted"))
		})
	}
}

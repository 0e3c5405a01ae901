package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/activation"
	"touchstone/mlp"
	"touchstone/weights"
)

// A vector that nobody could read is refused: a much too large one at once, and where it
// cannot go is found out before it is computed, too.
func TestGenerateTooLarge(t *testing.T) {
	t.Chdir(t.TempDir())
	const tooLarge = "touchstone: generate: the vector is larger than 16 MiB; take fewer samples or a smaller network; see touchstone help generate\n"
	for args, want := range map[string]struct {
		code int
		err  string
	}{
		"-net 2000-2000 -out v.json":            {2, tooLarge},
		"-net 1-1 -batch 2000000 -out -":        {2, tooLarge},
		"-net 1000-500 -batch 4 -out no/v.json": {3, "touchstone: cannot save no/v.json: no such file or directory\n"},
	} {
		code, out, err := command(append([]string{"generate"}, strings.Fields(args)...)...)
		assert.Equal(t, want.code, code, args)
		assert.Equal(t, want.err, err, args)
		assert.Empty(t, out)
	}
	_, err := vectorFile(strings.Repeat("s", touchstone.MaxVectorFile-5000), touchstone.Cases()[0])
	assert.NoError(t, err)
	_, err = vectorFile(strings.Repeat("s", touchstone.MaxVectorFile), touchstone.Cases()[0])
	assert.Equal(t, errVectorSize, err)
}

// What is refused before it is computed would be too large: no vector is smaller.
func TestLeastVector(t *testing.T) {
	for _, flags := range []string{"-net 3-4-1", "-net 2-60-1 -sigma 0 -activation relu", "-net 1-1 -batch 500 -sigma 0 -activation relu", "-net 20-30-2 -batch 30"} {
		code, out, err := command(append([]string{"generate", "-out", "-"}, strings.Fields(flags)...)...)
		require.Equal(t, 0, code, err)
		cases, _, e := touchstone.DecodeVectors("v", []byte(out))
		require.NoError(t, e)
		least := leastVector(cases[0].Net, cases[0].X.Rows)
		assert.Less(t, least, len(out), flags)
		assert.Greater(t, 40*least, len(out)-4096, flags) // and it says something
	}
}

func TestImportTooLarge(t *testing.T) {
	t.Chdir(t.TempDir())
	const samples = 1 << 19
	zeros := func(name string, rows, cols int) weights.Tensor {
		return weights.Tensor{Name: name, Shape: []int{rows, cols}, Data: make([]float64, rows*cols)}
	}
	require.NoError(t, os.WriteFile("w.npz", weights.EncodeNetwork(netOf(t), make([]float64, 2),
		zeros("x", samples, 2), zeros("t", samples, 1)), 0o644))
	code, _, err := importing("-orientation out,in -layer W0,,identity -loss squared -vector v w.npz")
	assert.Equal(t, 1, code)
	assert.Equal(t, "touchstone: the vector is larger than 16 MiB; take fewer samples or a smaller network\n", err)
	assert.Equal(t, []string{"w.npz"}, files(t))
}

// A claim that verify would refuse is not written: the limits are those of the decoder,
// which says the same, and before it computes anything.
func TestImportClaimTooLarge(t *testing.T) {
	t.Chdir(t.TempDir())
	zeros := func(name string, shape ...int) weights.Tensor {
		n := 1
		for _, d := range shape {
			n *= d
		}
		return weights.Tensor{Name: name, Shape: shape, Data: make([]float64, n)}
	}
	list := func(item string, n int) string {
		return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
	}
	for _, c := range []struct {
		inputs, width, samples int
		refused                bool
	}{
		{16, 1, 1 << 16, false}, {16, 1, 1<<16 + 1, true}, // of parameters
		{1, 64, 1 << 12, false}, {1, 64, 1<<12 + 1, true}, // of units
	} {
		file := fmt.Sprintf(`{"schema": "touchstone-claim-1", "net": {"inputs": %d, "layers": [{"width": %d, "activation": "identity", "bias": false}]},`+
			` "loss": "squared", "theta": %s, "x": %s, "t": [[0]], "claim": {"loss": 0}}`,
			c.inputs, c.width, list("0", c.inputs*c.width), list(list("0", c.inputs), c.samples))
		_, _, err := touchstone.DecodeClaim("c", []byte(file))
		require.Error(t, err)
		reason, tooMuch := strings.CutPrefix(err.Error(), "c: has ")
		assert.Equal(t, c.refused, tooMuch, err) // else it is the targets
		net := mlp.New(c.inputs, mlp.Layer{Width: c.width, Activation: activation.Identity{}, NoBias: true})
		assert.Equal(t, c.refused, claimTooLarge(net, c.samples))
		if !c.refused {
			continue
		}
		require.NoError(t, os.WriteFile("w.npz", weights.EncodeNetwork(net, make([]float64, net.NumParams()),
			zeros("x", c.samples, c.inputs), zeros("t", c.samples, c.width)), 0o644))
		code, _, stderr := importing("-orientation out,in -layer W0,,identity -loss squared -grad w.npz -claim c -vector v w.npz")
		assert.Equal(t, 1, code)
		assert.Equal(t, "touchstone: the claim has "+reason+"\n", stderr)
		assert.Equal(t, []string{"w.npz"}, files(t))
	}
}

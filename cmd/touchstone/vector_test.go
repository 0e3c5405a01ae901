package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
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
		"-net 1000-500 -batch 4 -out no/v.json": {1, "touchstone: cannot save no/v.json: no such file or directory\n"},
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

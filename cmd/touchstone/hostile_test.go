package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/internal/hostile"
)

// TestHostile feeds the readers of models and tables what they must refuse, as the
// test of the same name in the root does the others.
func TestHostile(t *testing.T) {
	for _, h := range []struct {
		corpus  string
		decode  hostile.Decoder
		perByte float64
	}{
		{"models.json", readsModel, 96},
		{"tables.json", readsTable, 96},
	} {
		c, err := hostile.Load(filepath.Join("..", "..", "testdata", "hostile", h.corpus))
		require.NoError(t, err)
		if testing.Short() {
			c = c.Below(1 << 16)
		}
		t.Run(h.corpus, func(t *testing.T) {
			t.Chdir(t.TempDir())
			assert.Empty(t, c.Check(h.decode, h.perByte))
			if !testing.Short() {
				accepts := func([]byte) error { return nil }
				assert.Len(t, c.Check(accepts, h.perByte), len(c.Inputs))
			}
			t.Logf("%d inputs", len(c.Inputs))
		})
	}
}

func readsModel(data []byte) error {
	if err := os.WriteFile("in", data, 0o644); err != nil {
		return err
	}
	_, err := readModel("in")
	return err
}

// readsTable reads what train reads.
func readsTable(data []byte) error {
	if err := os.WriteFile("in", data, 0o644); err != nil {
		return err
	}
	table, err := readForTraining("in", "y")
	if err == nil {
		_, err = measure(table)
	}
	return err
}

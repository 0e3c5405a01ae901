package touchstone

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/internal/hostile"
)

// The corpora are read once: they make documents of many megabytes.
var (
	hostileVectors = sync.OnceValues(func() (*hostile.Corpus, error) { return hostile.Load("testdata/hostile/vectors.json") })
	hostileClaims  = sync.OnceValues(func() (*hostile.Corpus, error) { return hostile.Load("testdata/hostile/claims.json") })
)

// hostiles are the decoders of outside data, with the memory they may take for each
// byte. A claim's includes the exact results; cmd/touchstone tests the others.
var hostiles = []struct {
	corpus  func() (*hostile.Corpus, error)
	decode  hostile.Decoder
	perByte float64
}{
	{hostileVectors, func(data []byte) error { _, _, err := decode("in", data); return err }, 96},
	{hostileClaims, func(data []byte) error { _, _, err := DecodeClaim("in", data); return err }, 96},
}

// TestHostile feeds the decoders what they must refuse, and a planted one that does not.
func TestHostile(t *testing.T) {
	for _, h := range hostiles {
		c, err := h.corpus()
		require.NoError(t, err)
		if testing.Short() {
			c = c.Below(1 << 16)
		}
		assert.Empty(t, c.Check(h.decode, h.perByte))
		if !testing.Short() {
			accepts := func([]byte) error { return nil }
			assert.Len(t, c.Check(accepts, h.perByte), len(c.Inputs))
		}
		assert.Greater(t, len(c.Inputs), 80)
	}
}

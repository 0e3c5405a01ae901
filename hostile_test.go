package touchstone

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/internal/hostile"
)

// hostiles are the decoders of outside data, with the memory they may take for each
// byte. A claim's includes the exact results; cmd/touchstone tests the others.
var hostiles = []struct {
	corpus  string
	decode  hostile.Decoder
	perByte float64
}{
	{"testdata/hostile/vectors.json", func(data []byte) error { _, _, err := decode("in", data); return err }, 96},
	{"testdata/hostile/claims.json", func(data []byte) error { _, _, err := DecodeClaim("in", data); return err }, 96},
}

// TestHostile feeds the decoders what they must refuse, and a planted one that does not.
func TestHostile(t *testing.T) {
	for _, h := range hostiles {
		c, err := hostile.Load(h.corpus)
		require.NoError(t, err)
		assert.Empty(t, c.Check(h.decode, h.perByte))
		accepts := func([]byte) error { return nil }
		assert.Len(t, c.Check(accepts, h.perByte), len(c.Inputs))
		t.Logf("%s: %d inputs", h.corpus, len(c.Inputs))
	}
}

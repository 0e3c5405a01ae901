package gradcheck

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A product is right to the last bit where terms cancel: what each sum and each product
// loses is added.
func TestProduct(t *testing.T) {
	for name, c := range map[string]struct {
		g, v []float64
		want float64
	}{
		"plain":                      {[]float64{1, 2, 3}, []float64{4, -5, 6}, 12},
		"a sum that is small":        {[]float64{1, 0x1p60, -0x1p60}, []float64{1, 1, 1}, 1},
		"a term that is small":       {[]float64{0x1p60, 1, -0x1p60}, []float64{1, 1, 1}, 1},
		"a product that is no float": {[]float64{1 + 0x1p-30, -1 - 0x1p-29}, []float64{1 + 0x1p-30, 1}, 0x1p-60},
	} {
		checker := newChecker(Problem{X: make([]float64, len(c.g))}, Settings{})
		index := []int{0, 1, 2}[:len(c.g)]
		assert.Equal(t, c.want, checker.product(c.g, index, c.v), name)
	}
}

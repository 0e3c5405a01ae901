package bigfloat

import (
	"math/big"
	"os"
	"testing"

	"touchstone/internal/misuse"
)

// TestMisuse has every panic of the package.
func TestMisuse(t *testing.T) {
	for _, problem := range misuse.Check(os.DirFS("."), []misuse.Case{
		{Panic: "bigfloat: logarithm of a negative number", Do: func() { Log(big.NewFloat(-1), 99) }},
	}) {
		t.Error(problem)
	}
}

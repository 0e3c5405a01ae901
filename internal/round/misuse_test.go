package round

import (
	"math/big"
	"os"
	"testing"

	"touchstone/internal/misuse"
)

// TestMisuse has every panic of the package.
func TestMisuse(t *testing.T) {
	for _, problem := range misuse.Check(os.DirFS("."), []misuse.Case{
		{Panic: "round: a zero has no relative error", Do: func() { around(new(big.Float), 99) }},
		{Panic: "round: Quo by an interval that is not positive", Do: func() { Point(1, 99).Quo(Point(0, 99)) }},
	}) {
		t.Error(problem)
	}
}

package touchstone

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/internal/misuse"
)

// TestMisuse has every panic of the package. That of an embedded file would be one of
// the build.
func TestMisuse(t *testing.T) {
	const unknown, decimal = "touchstone: Precision that is none of the constants", "touchstone: Decimal that is not a decimal"
	assert.Empty(t, misuse.Check(os.DirFS("."), []misuse.Case{
		{Panic: unknown, Do: func() { Precision(-1).Unit() }},
		{Panic: unknown, Do: func() { (Float16 + 1).Unit() }},
		{Panic: unknown, Do: func() { Precision(-1).SmallestNormal() }},
		{Panic: unknown, Do: func() { (Float16 + 1).SmallestNormal() }},
		{Panic: decimal, Do: func() { Decimal("x").Big() }},
		{Panic: decimal, Do: func() { Decimal("").Float64() }},
		{Panic: decimal, Do: func() { Decimal("1e+9999999").Big() }},
		{Panic: decimal, Do: func() { Decimal("NaN").Big() }},
		{Panic: decimal, Do: func() { Decimal("x").Error(1) }},
		{Panic: "mlp: NewObjective: nil loss", Do: func() { c := Case{Net: Cases()[0].Net}; c.Objective() }},
	}, "err in files"))
	for p := Float64; p <= Float16; p++ {
		assert.Less(t, p.SmallestNormal(), p.Unit())
	}
	assert.NotPanics(t, func() { _, _ = Precision(-1).String(), (Float16 + 1).String() })
}

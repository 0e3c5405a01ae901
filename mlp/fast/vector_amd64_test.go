//go:build !purego

package fast

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
)

// An assembly is what a vector unit runs.
type assembly struct {
	name          string
	sigmoid, tanh assembled
}

// assemblies lists those that this processor can run.
func assemblies() (list []assembly) {
	avx2, avx512 := features()
	if avx2 {
		list = append(list, assembly{"avx2", sigmoidAVX2, tanhAVX2})
	}
	if avx512 {
		list = append(list, assembly{"avx512", sigmoidAVX512, tanhAVX512})
	}
	return list
}

// A wrong number in the table makes the results wrong by more than 1 ulp: a coefficient
// that matters by 2⁻⁴⁰, the others by as much as makes e^x wrong by 2⁻⁴⁹, where it is
// largest.
func TestTableCatches(t *testing.T) {
	spoiled := map[string]func(c *table){
		"nothing":           func(c *table) {},
		"1/2!":              func(c *table) { c.c2 = four(c.c2[0] * (1 + 0x1p-40)) },
		"1/3!":              func(c *table) { c.c3 = four(c.c3[0] * (1 + 0x1p-40)) },
		"1/4!":              func(c *table) { c.c4 = four(c.c4[0] * (1 + 0x1p-40)) },
		"1/5!":              func(c *table) { c.c5 = four(c.c5[0] + 0x1p-49/0x1p-8) },
		"1/6!":              func(c *table) { c.c6 = four(c.c6[0] + 0x1p-49/0x1p-10) },
		"1/7!":              func(c *table) { c.c7 = four(c.c7[0] + 0x1p-49/0x1p-11) },
		"1/8!":              func(c *table) { c.c8 = four(c.c8[0] + 0x1p-49/0x1p-13) },
		"1/9!":              func(c *table) { c.c9 = four(c.c9[0] + 0x1p-49/0x1p-14) },
		"1/10!":             func(c *table) { c.c10 = four(c.c10[0] + 0x1p-49/0x1p-16) },
		"1/11!":             func(c *table) { c.c11 = four(c.c11[0] + 0x1p-49/0x1p-17) },
		"1/12!":             func(c *table) { c.c12 = four(c.c12[0] + 0x1p-49/0x1p-19) },
		"1/13!":             func(c *table) { c.c13 = four(0) },
		"ln 2":              func(c *table) { c.ln2Lo = four(c.ln2Lo[0] * (1 + 0x1p-20)) },
		"tails cut at -708": func(c *table) { c.lowest = four(-708) },
		"a lane":            func(c *table) { c.c2[3] *= 1 + 0x1p-40; c.c2[0] = c.c2[3] },
	}
	for _, asm := range assemblies() {
		for what, spoil := range spoiled {
			c := constants
			spoil(&c)
			value, first := worst(with(asm.sigmoid, &c), activation.Sigmoid{}, 40)
			value2, first2 := worst(with(asm.tanh, &c), activation.Tanh{}, 40)
			assert.Equal(t, what != "nothing", max(value, value2) > 1, "%s, %s", asm.name, what)
			assert.Equal(t, what != "nothing", max(first, first2) > 1, "%s, %s", asm.name, what)
		}
	}
}

// The two instruction sets give the same bits.
func TestAssembliesAgree(t *testing.T) {
	list := assemblies()
	if len(list) < 2 {
		t.Skip("this processor has not both")
	}
	agree := func(f, g function) bool {
		rnd := newRand(7)
		z, a, d, b, e := make([]float64, 1000), make([]float64, 1000), make([]float64, 1000), make([]float64, 1000), make([]float64, 1000)
		for k := range 1000 {
			for i := range z {
				z[i] = rnd.NormFloat64() * []float64{1, 10, 300, 0x1p-30}[k%4]
			}
			f(a, d, z, nil)
			g(b, e, z, nil)
			if !sameBits(a, b) || !sameBits(d, e) {
				return false
			}
		}
		return true
	}
	c := constants
	c.c12 = four(c.c12[0] * (1 + 0x1p-8))
	assert.True(t, agree(with(list[0].sigmoid, &constants), with(list[1].sigmoid, &constants)))
	assert.True(t, agree(with(list[0].tanh, &constants), with(list[1].tanh, &constants)))
	assert.False(t, agree(with(list[0].sigmoid, &constants), with(list[1].sigmoid, &c)))
}

package weights

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// An element is a type of stored numbers.
type element struct {
	name  string
	size  int // bytes
	value func(bits uint64) float64
	whole bool // an integer, whose float64 may be another
}

// elements are those that NPY calls by the keys, safetensors by the second table.
var elements = map[string]element{
	"f2": {name: "float16", size: 2, value: float16},
	"f4": {name: "float32", size: 4, value: func(b uint64) float64 { return float64(math.Float32frombits(uint32(b))) }},
	"f8": {name: "float64", size: 8, value: math.Float64frombits},
	"i1": {name: "int8", size: 1, value: func(b uint64) float64 { return float64(int8(b)) }},
	"i2": {name: "int16", size: 2, value: func(b uint64) float64 { return float64(int16(b)) }},
	"i4": {name: "int32", size: 4, value: func(b uint64) float64 { return float64(int32(b)) }},
	"i8": {name: "int64", size: 8, value: func(b uint64) float64 { return float64(int64(b)) }, whole: true},
	"u1": {name: "uint8", size: 1, value: func(b uint64) float64 { return float64(b) }},
	"u2": {name: "uint16", size: 2, value: func(b uint64) float64 { return float64(b) }},
	"u4": {name: "uint32", size: 4, value: func(b uint64) float64 { return float64(b) }},
	"u8": {name: "uint64", size: 8, value: func(b uint64) float64 { return float64(b) }, whole: true},
	"b1": {name: "bool", size: 1, value: func(b uint64) float64 { return float64(min(b, 1)) }},
}

var safetensorsElements = map[string]element{
	"F16": elements["f2"], "F32": elements["f4"], "F64": elements["f8"],
	"BF16": {name: "bfloat16", size: 2, value: func(b uint64) float64 { return float64(math.Float32frombits(uint32(b) << 16)) }},
	"I8":   elements["i1"], "I16": elements["i2"], "I32": elements["i4"], "I64": elements["i8"],
	"U8": elements["u1"], "U16": elements["u2"], "U32": elements["u4"], "U64": elements["u8"],
	"BOOL": elements["b1"],
}

// float16 returns the value of a half-precision number: sign, 5 bits of exponent, 10 of
// fraction.
func float16(b uint64) float64 {
	exponent, fraction := int(b>>10&0x1f), float64(b&0x3ff)
	v := math.Ldexp(1024+fraction, exponent-25)
	switch {
	case exponent == 0:
		v = fraction * 0x1p-24
	case exponent == 0x1f && fraction == 0:
		v = math.Inf(1)
	case exponent == 0x1f:
		v = math.NaN()
	}
	if b>>15 != 0 {
		v = -v
	}
	return v
}

// count returns the number of elements of a shape, and false if it is beyond counting.
func count(shape []int) (n int, ok bool) {
	product := uint64(1)
	for _, d := range shape {
		high, low := bits.Mul64(product, uint64(d))
		if high != 0 || low > math.MaxInt {
			return 0, false
		}
		product = low
	}
	return int(product), true
}

// checkSize reports whether size bytes hold an array of that shape, no more, no less.
// So no more is ever allocated than a multiple of what is there.
func (e element) checkSize(shape []int, size int) error {
	n, ok := count(shape)
	if !ok || n > math.MaxInt/e.size {
		return fmt.Errorf("the shape %v has too many elements to count", shape)
	}
	if want := n * e.size; want != size {
		return fmt.Errorf("the shape %v of %s takes %d bytes, and there are %d", shape, e.name, want, size)
	}
	return nil
}

// decode returns the numbers in data, where they are row by row, or column by column if
// byColumns is true. It is an error if there are more than two dimensions, or if data
// does not have the size that the shape takes.
func (e element) decode(shape []int, data []byte, order binary.ByteOrder, byColumns bool) (*Tensor, error) {
	if len(shape) > 2 {
		return nil, fmt.Errorf("has %d dimensions, and dense layers have two", len(shape))
	}
	if err := e.checkSize(shape, len(data)); err != nil {
		return nil, err
	}
	t := &Tensor{Type: e.name, Shape: slices.Clone(shape), Data: make([]float64, len(data)/e.size)}
	for i := range t.Data {
		at := i
		if byColumns && len(shape) == 2 {
			at = i%shape[1]*shape[0] + i/shape[1]
		}
		b := e.bits(data[at*e.size:], order)
		if e.whole && !e.exact(b) {
			return nil, fmt.Errorf("element %d is %s, which no float64 is", i, e.integer(b))
		}
		t.Data[i] = e.value(b)
	}
	return t, nil
}

func (e element) bits(b []byte, order binary.ByteOrder) uint64 {
	switch e.size {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(order.Uint16(b))
	case 4:
		return uint64(order.Uint32(b))
	}
	return order.Uint64(b)
}

// exact reports whether a float64 is the integer of the given bits: those from the
// first that is set to the last must be no more than its 53.
func (e element) exact(b uint64) bool {
	if e.name == "int64" && int64(b) < 0 {
		b = -b
	}
	return bits.Len64(b)-bits.TrailingZeros64(b) <= 53
}

func (e element) integer(b uint64) string {
	if e.name == "int64" {
		return fmt.Sprint(int64(b))
	}
	return fmt.Sprint(b)
}

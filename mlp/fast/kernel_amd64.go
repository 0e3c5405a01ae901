//go:build !purego

package fast

// kernels lists what this processor can run, the fastest first.
func kernels() []kernel {
	list := []kernel{generic}
	avx2, avx512 := features()
	if avx2 {
		list = append([]kernel{{"avx2", 4, 12, tileAVX2, nil}}, list...)
	}
	if avx512 {
		list = append([]kernel{{"avx512", 8, 24, tileAVX512, narrowAVX512}}, list...)
	}
	return list
}

// tileAVX2 is the run of a kernel of 4 × 12.
//
//go:noescape
func tileAVX2(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool)

// tileAVX512 is the run of a kernel of 8 × 24.
//
//go:noescape
func tileAVX512(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool)

// narrowAVX512 is the narrow of that kernel: 8 × 8.
//
//go:noescape
func narrowAVX512(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool)

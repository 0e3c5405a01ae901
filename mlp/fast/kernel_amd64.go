//go:build !purego

package fast

// kernels lists what this processor can run, the fastest first.
func kernels() []kernel {
	list := []kernel{generic}
	avx2, avx512 := features()
	if avx2 {
		list = append([]kernel{{name: "avx2", rows: 4, cols: 12, run: tileAVX2}}, list...)
	}
	if avx512 {
		list = append([]kernel{{"avx512", 8, 24, tileAVX512, partAVX512, dotAVX512, packAVX512, copyAVX512}}, list...)
	}
	return list
}

// tileAVX2 is the run of a kernel of 4 × 12.
//
//go:noescape
func tileAVX2(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int)

// tileAVX512 is the run of a kernel of 8 × 24.
//
//go:noescape
func tileAVX512(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int)

// partAVX512 is the part of that kernel.
//
//go:noescape
func partAVX512(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, rows, cols int)

// dotAVX512 is the dot of that kernel.
//
//go:noescape
func dotAVX512(k int, a []float64, ai int, b []float64, bj int, c []float64, ci int, rows, cols int)

// packAVX512 is the pack of that kernel.
//
//go:noescape
func packAVX512(dst []float64, width int, src []float64, down, rows, cols int)

// copyAVX512 is the copy of that kernel.
//
//go:noescape
func copyAVX512(dst []float64, width int, src []float64, right, rows, cols int)

//go:build !purego

package fast

// kernels lists what this processor can run, the fastest first. All have NEON.
func kernels() []kernel {
	return []kernel{{name: "neon", rows: 4, cols: 12, run: tileNEON}, generic}
}

// tileNEON is the run of a kernel of 4 × 12. It has been tested under emulation only,
// and not timed.
//
//go:noescape
func tileNEON(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int)

package main

// #cgo CFLAGS: -O3 -march=native
// #if defined(__AVX512F__)
// enum { lanes = 8 };
// #elif defined(__AVX__)
// enum { lanes = 4 };
// #else
// enum { lanes = 2 };
// #endif
// typedef double vector __attribute__((vector_size(8 * lanes)));
//
// // Twelve sums that do not wait for each other are enough to hide the latency of a
// // fused multiply-add, and leave a register for each.
// static double spin(long n, double x, double y) {
//	vector s[12], vx, vy;
//	for (int i = 0; i < lanes; i++) vx[i] = x, vy[i] = y;
//	for (int j = 0; j < 12; j++) s[j] = vy * (double)j;
//	for (long i = 0; i < n; i++) {
//	#pragma GCC unroll 12
//		for (int j = 0; j < 12; j++) s[j] = s[j] * vx + vy;
//	}
//	for (int j = 1; j < 12; j++) s[0] += s[j];
//	return s[0][0];
// }
import "C"

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// loops is the length of one run.
const loops = 10000

// limitProgram is no peer: it does fused multiply-adds on registers, as many as the
// machine can. Its times are those of 24·loops·lanes floating-point operations a thread.
func limitProgram(task, operands) *job {
	var sink atomic.Int64
	return &job{
		run: func(k int) {
			var done sync.WaitGroup
			for range runtime.GOMAXPROCS(0) {
				done.Add(1)
				go func() {
					defer done.Done()
					sink.Add(int64(C.spin(C.long(k*loops), 0.999, 0.001)))
				}()
			}
			done.Wait()
		},
		result: func() []float64 { return nil },
	}
}

// limitFlops is what a run of limitProgram does, with the given number of threads.
func limitFlops(threads int) float64 { return 24 * loops * float64(C.lanes) * float64(threads) }

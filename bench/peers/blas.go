package main

// #cgo LDFLAGS: -ldl
// #include <dlfcn.h>
// #include <stdlib.h>
//
// typedef void dgemm(int order, int ta, int tb, int m, int n, int k, double alpha,
//	const double *a, int lda, const double *b, int ldb, double beta, double *c, int ldc);
//
// // OpenBLAS and BLIS export the same names: each process loads one of them.
// static dgemm *load(const char *name) {
//	void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
//	return library ? (dgemm *)dlsym(library, "cblas_dgemm") : 0;
// }
//
// static void call(dgemm *f, int ta, int tb, int m, int n, int k, double alpha,
//	const double *a, int lda, const double *b, int ldb, double beta, double *c, int ldc) {
//	f(101, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc); // by rows
// }
import "C"

import (
	"fmt"
	"unsafe"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// load returns the program around the dgemm of a shared library with C's interface.
func load(library string) (program, error) {
	name := C.CString(library)
	defer C.free(unsafe.Pointer(name))
	f := C.load(name)
	if f == nil {
		return nil, fmt.Errorf("no cblas_dgemm in %s", library)
	}
	multiply := func(ta, tb blas.Transpose, alpha float64, a, b blas64.General, beta float64, c blas64.General) {
		inner := a.Cols
		if ta == blas.Trans {
			inner = a.Rows
		}
		C.call(f, transpose(ta), transpose(tb), C.int(c.Rows), C.int(c.Cols), C.int(inner), C.double(alpha),
			pointer(a), C.int(a.Stride), pointer(b), C.int(b.Stride), C.double(beta), pointer(c), C.int(c.Stride))
	}
	return func(t task, o operands) *job { return blasProgram(multiply, t, o) }, nil
}

func transpose(t blas.Transpose) C.int {
	if t == blas.Trans {
		return 112
	}
	return 111
}

func pointer(m blas64.General) *C.double { return (*C.double)(&m.Data[0]) }

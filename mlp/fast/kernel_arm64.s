//go:build !purego

#include "textflag.h"

// Registers of tileNEON, all distances in bytes:
//
//	R0          k, counted down
//	R1 … R4     &A[0,p] … &A[3,p]
//	R5          from A[i,p] to A[i,p+1]
//	R6          from A[i,p] to A[i+1,p]
//	R7          &B[p,0], and R8 from there to B[p+1,0]
//	R9          from where a panel of B ends, in its last row, to where the next begins
//	R10         &C[0,0], and R11 from there to C[1,0]
//	R12         &C[i,0]
//	R13         add
//	R14         what is left of the panels
//	V0 … V23    C: row i is V(6i) … V(6i+5), two columns each
//	V24 … V29   B[p,0:12], then C[i,0:12] as it stands in memory
//	V30, V31    A[i,p] twice over, for even and odd i; then V31 is 1, twice over
//
// The 24 sums are independent. Multiply-adds that take four cycles need 8 to keep two
// units busy, and 16 to keep four.
//
// An instruction VFMLA b, a, c is c += a·b, rounded once. F0 is another name of V0, and
// so on; FLDPQ and FSTPQ move all 128 bits.

// CLEAR sets a row of C to 0.
#define CLEAR(u, v, w, x, y, z) \
	VEOR u.B16, u.B16, u.B16 \
	VEOR v.B16, v.B16, v.B16 \
	VEOR w.B16, w.B16, w.B16 \
	VEOR x.B16, x.B16, x.B16 \
	VEOR y.B16, y.B16, y.B16 \
	VEOR z.B16, z.B16, z.B16

// ROW adds A[i,p]·B[p,0:12] to a row of C, and goes on to the next p.
#define ROW(address, a, u, v, w, x, y, z) \
	VLD1R.P (address)(R5), [a.D2] \
	VFMLA   V24.D2, a.D2, u.D2    \
	VFMLA   V25.D2, a.D2, v.D2    \
	VFMLA   V26.D2, a.D2, w.D2    \
	VFMLA   V27.D2, a.D2, x.D2    \
	VFMLA   V28.D2, a.D2, y.D2    \
	VFMLA   V29.D2, a.D2, z.D2

// ADD12 adds a row, times 1, to what stands in memory: Go's assembler has no sum of
// vectors. It stores the result, as STORE12 does the row itself. Both go on to the next.
#define ADD12(u, v, w, x, y, z) \
	FLDPQ (R12), (F24, F25)       \
	FLDPQ 32(R12), (F26, F27)     \
	FLDPQ 64(R12), (F28, F29)     \
	VFMLA V31.D2, u.D2, V24.D2    \
	VFMLA V31.D2, v.D2, V25.D2    \
	VFMLA V31.D2, w.D2, V26.D2    \
	VFMLA V31.D2, x.D2, V27.D2    \
	VFMLA V31.D2, y.D2, V28.D2    \
	VFMLA V31.D2, z.D2, V29.D2    \
	STORE12(F24, F25, F26, F27, F28, F29)

#define STORE12(u, v, w, x, y, z) \
	FSTPQ (u, v), (R12)   \
	FSTPQ (w, x), 32(R12) \
	FSTPQ (y, z), 64(R12) \
	ADD   R11, R12

// func tileNEON(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int)
TEXT ·tileNEON(SB), NOSPLIT, $0-136
	MOVD  ai+32(FP), R6
	MOVD  ak+40(FP), R5
	MOVD  b_base+48(FP), R7
	MOVD  bk+72(FP), R8
	MOVD  c_base+80(FP), R10
	MOVD  ci+104(FP), R11
	MOVBU add+112(FP), R13
	MOVD  panels+120(FP), R14
	MOVD  bj+128(FP), R9
	MOVD  k+0(FP), R0
	LSL   $3, R6
	LSL   $3, R5
	LSL   $3, R8
	LSL   $3, R11
	LSL   $3, R9
	MSUB  R0, R9, R8, R9 // R9 −= k·R8

panel:
	MOVD k+0(FP), R0
	MOVD a_base+8(FP), R1
	ADD  R6, R1, R2
	ADD  R6, R2, R3
	ADD  R6, R3, R4
	CLEAR(V0, V1, V2, V3, V4, V5)
	CLEAR(V6, V7, V8, V9, V10, V11)
	CLEAR(V12, V13, V14, V15, V16, V17)
	CLEAR(V18, V19, V20, V21, V22, V23)

step:
	FLDPQ (R7), (F24, F25)
	FLDPQ 32(R7), (F26, F27)
	FLDPQ 64(R7), (F28, F29)
	ADD   R8, R7
	SUBS  $1, R0
	ROW(R1, V30, V0, V1, V2, V3, V4, V5)
	ROW(R2, V31, V6, V7, V8, V9, V10, V11)
	ROW(R3, V30, V12, V13, V14, V15, V16, V17)
	ROW(R4, V31, V18, V19, V20, V21, V22, V23)
	BNE  step

	MOVD  R10, R12
	CBZ   R13, store
	FMOVD $1.0, F31
	VDUP  V31.D[0], V31.D2
	ADD12(V0, V1, V2, V3, V4, V5)
	ADD12(V6, V7, V8, V9, V10, V11)
	ADD12(V12, V13, V14, V15, V16, V17)
	ADD12(V18, V19, V20, V21, V22, V23)
	B     next

store:
	STORE12(F0, F1, F2, F3, F4, F5)
	STORE12(F6, F7, F8, F9, F10, F11)
	STORE12(F12, F13, F14, F15, F16, F17)
	STORE12(F18, F19, F20, F21, F22, F23)

next:
	ADD  R9, R7
	ADD  $96, R10
	SUBS $1, R14
	BNE  panel
	RET

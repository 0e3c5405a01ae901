//go:build !purego

#include "textflag.h"

// Registers of dotAVX512:
//
//	CX                   k − p
//	AX                   &A[0,p], and R8 from A[i,p] to A[i+1,p]; R13 is 3·R8
//	BX, R9 … R12         &B[p,0] … &B[p,4]
//	DI                   &C[i,0], and SI from there to C[i+1,0]
//	R15                  rows, and R14 what is left of them
//	K1                   which of p … p+7 there are; loads give 0 for the others
//	K2                   which columns there are
//	Z0 … Z24             C: row i is Z(5i) … Z(5i+4), an element each. Lane m is the sum
//	                     over the p that leave m when divided by 8
//	Z25 … Z29            B[p:p+8,0] … B[p:p+8,4]
//	Z30                  A[i,p:p+8]

// COLUMN lets column be what before is, plus the distance of two columns if there are
// more than j.
#define COLUMN(j, before, column) \
	MOVQ    before, column     \
	LEAQ    (before)(DX*1), R15 \
	CMPQ    R14, $j            \
	CMOVQGT R15, column

#define CLEAR(v, w, x, y, z) \
	VPXORQ v, v, v \
	VPXORQ w, w, w \
	VPXORQ x, x, x \
	VPXORQ y, y, y \
	VPXORQ z, z, z

// ROW adds A[i,p]·B[p,0:5] to a row of C for eight p, and leaves after the last row.
#define ROW(address, v, w, x, y, z) \
	VMOVUPD.Z   address, K1, Z30 \
	VFMADD231PD Z25, Z30, v      \
	VFMADD231PD Z26, Z30, w      \
	VFMADD231PD Z27, Z30, x      \
	VFMADD231PD Z28, Z30, y      \
	VFMADD231PD Z29, Z30, z      \
	DECQ        R14              \
	JZ          next

// SUM adds up the eight lanes of each element of a row, all in the same order, stores
// the row, and ends after the last. First come the lanes that are neighbours, for two
// elements in a register; then pairs of those sums, for four elements, and for the
// fifth twice; then pairs of these.
#define SUM(v, w, x, y, z) \
	VUNPCKLPD  w, v, Z25          \
	VUNPCKHPD  w, v, Z26          \
	VUNPCKLPD  y, x, Z27          \
	VUNPCKHPD  y, x, Z28          \
	VUNPCKLPD  z, z, Z29          \
	VUNPCKHPD  z, z, Z30          \
	VADDPD     Z26, Z25, Z25      \
	VADDPD     Z28, Z27, Z27      \
	VADDPD     Z30, Z29, Z29      \
	VSHUFF64X2 $0x88, Z27, Z25, Z26 \
	VSHUFF64X2 $0xdd, Z27, Z25, Z28 \
	VSHUFF64X2 $0x88, Z29, Z29, Z30 \
	VSHUFF64X2 $0xdd, Z29, Z29, Z31 \
	VADDPD     Z28, Z26, Z26      \
	VADDPD     Z31, Z30, Z30      \
	VSHUFF64X2 $0x88, Z30, Z26, Z25 \
	VSHUFF64X2 $0xdd, Z30, Z26, Z27 \
	VADDPD     Z27, Z25, Z25      \
	VMOVUPD    Z25, K2, (DI)      \
	ADDQ       SI, DI             \
	DECQ       R14                \
	JZ         summed

// func dotAVX512(k int, a []float64, ai int, b []float64, bj int, c []float64, ci int, rows, cols int)
TEXT ·dotAVX512(SB), NOSPLIT, $0-120
	MOVQ  cols+112(FP), CX
	MOVQ  CX, R14
	MOVL  $1, R15
	SHLL  CX, R15
	DECL  R15
	KMOVW R15, K2
	MOVQ  b_base+40(FP), BX
	MOVQ  bj+64(FP), DX
	SHLQ  $3, DX
	COLUMN(1, BX, R9)
	COLUMN(2, R9, R10)
	COLUMN(3, R10, R11)
	COLUMN(4, R11, R12)
	MOVQ  k+0(FP), CX
	MOVQ  a_base+8(FP), AX
	MOVQ  ai+32(FP), R8
	MOVQ  c_base+72(FP), DI
	MOVQ  ci+96(FP), SI
	SHLQ  $3, R8
	SHLQ  $3, SI
	LEAQ  (R8)(R8*2), R13
	MOVL  $0xff, R15
	KMOVW R15, K1
	MOVQ  rows+104(FP), R15
	CLEAR(Z0, Z1, Z2, Z3, Z4)
	CLEAR(Z5, Z6, Z7, Z8, Z9)
	CLEAR(Z10, Z11, Z12, Z13, Z14)
	CLEAR(Z15, Z16, Z17, Z18, Z19)
	CLEAR(Z20, Z21, Z22, Z23, Z24)

eight:
	CMPQ  CX, $8
	JGE   step
	MOVL  $1, R14
	SHLL  CX, R14
	DECL  R14
	KMOVW R14, K1

step:
	VMOVUPD.Z (BX), K1, Z25
	VMOVUPD.Z (R9), K1, Z26
	VMOVUPD.Z (R10), K1, Z27
	VMOVUPD.Z (R11), K1, Z28
	VMOVUPD.Z (R12), K1, Z29
	MOVQ      R15, R14
	ROW((AX), Z0, Z1, Z2, Z3, Z4)
	ROW((AX)(R8*1), Z5, Z6, Z7, Z8, Z9)
	ROW((AX)(R8*2), Z10, Z11, Z12, Z13, Z14)
	ROW((AX)(R13*1), Z15, Z16, Z17, Z18, Z19)
	ROW((AX)(R8*4), Z20, Z21, Z22, Z23, Z24)

next:
	ADDQ $64, AX
	ADDQ $64, BX
	ADDQ $64, R9
	ADDQ $64, R10
	ADDQ $64, R11
	ADDQ $64, R12
	SUBQ $8, CX
	JGT  eight

	MOVQ R15, R14
	SUM(Z0, Z1, Z2, Z3, Z4)
	SUM(Z5, Z6, Z7, Z8, Z9)
	SUM(Z10, Z11, Z12, Z13, Z14)
	SUM(Z15, Z16, Z17, Z18, Z19)
	SUM(Z20, Z21, Z22, Z23, Z24)

summed:
	VZEROUPPER
	RET

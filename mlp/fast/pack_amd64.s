//go:build !purego

#include "textflag.h"

// Registers of packAVX512:
//
//	DI                 &dst[p·width], and DX from there to dst[(p+1)·width]
//	AX, BX, R8 … R13   rows 0 … 7 of src, from p on
//	CX                 cols − p
//	K1                 which of the columns p … p+7 there are
//	Z0 … Z7            their rows, and in the end their columns

// AFTER lets row be what before is, plus down if there are more than i rows.
#define AFTER(i, before, row) \
	MOVQ    before, row      \
	LEAQ    (before)(SI*1), R15 \
	CMPQ    R14, $i          \
	CMOVQGT R15, row

// STORE stores a column, and ends if it was the last.
#define STORE(x) \
	VMOVUPD x, (DI) \
	ADDQ    DX, DI  \
	DECQ    CX      \
	JZ      packed

// func packAVX512(dst []float64, width int, src []float64, down, rows, cols int)
TEXT ·packAVX512(SB), NOSPLIT, $0-80
	MOVQ dst_base+0(FP), DI
	MOVQ width+24(FP), DX
	MOVQ src_base+32(FP), AX
	MOVQ down+56(FP), SI
	MOVQ rows+64(FP), R14
	MOVQ cols+72(FP), CX
	SHLQ $3, DX
	SHLQ $3, SI
	AFTER(1, AX, BX)
	AFTER(2, BX, R8)
	AFTER(3, R8, R9)
	AFTER(4, R9, R10)
	AFTER(5, R10, R11)
	AFTER(6, R11, R12)
	AFTER(7, R12, R13)
	XORQ  SI, SI  // p, in bytes
	MOVL  $0xff, R15
	KMOVW R15, K1

eight:
	CMPQ  CX, $8
	JGE   load
	MOVL  $1, R15
	SHLL  CX, R15
	DECL  R15
	KMOVW R15, K1

load:
	VMOVUPD.Z (AX)(SI*1), K1, Z0
	VMOVUPD.Z (BX)(SI*1), K1, Z1
	VMOVUPD.Z (R8)(SI*1), K1, Z2
	VMOVUPD.Z (R9)(SI*1), K1, Z3
	VMOVUPD.Z (R10)(SI*1), K1, Z4
	VMOVUPD.Z (R11)(SI*1), K1, Z5
	VMOVUPD.Z (R12)(SI*1), K1, Z6
	VMOVUPD.Z (R13)(SI*1), K1, Z7

	// Pairs of rows: the even columns of rows 0 and 1 in Z8, the odd ones in Z9, and
	// so on.
	VUNPCKLPD Z1, Z0, Z8
	VUNPCKHPD Z1, Z0, Z9
	VUNPCKLPD Z3, Z2, Z10
	VUNPCKHPD Z3, Z2, Z11
	VUNPCKLPD Z5, Z4, Z12
	VUNPCKHPD Z5, Z4, Z13
	VUNPCKLPD Z7, Z6, Z14
	VUNPCKHPD Z7, Z6, Z15

	// Fours of rows: columns 0 and 4 of rows 0 … 3 in Z16, 2 and 6 in Z17, 1 and 5 in
	// Z18, 3 and 7 in Z19, and of rows 4 … 7 in Z20 … Z23.
	VSHUFF64X2 $0x88, Z10, Z8, Z16
	VSHUFF64X2 $0xdd, Z10, Z8, Z17
	VSHUFF64X2 $0x88, Z11, Z9, Z18
	VSHUFF64X2 $0xdd, Z11, Z9, Z19
	VSHUFF64X2 $0x88, Z14, Z12, Z20
	VSHUFF64X2 $0xdd, Z14, Z12, Z21
	VSHUFF64X2 $0x88, Z15, Z13, Z22
	VSHUFF64X2 $0xdd, Z15, Z13, Z23

	// All eight rows: the columns.
	VSHUFF64X2 $0x88, Z20, Z16, Z0
	VSHUFF64X2 $0x88, Z22, Z18, Z1
	VSHUFF64X2 $0x88, Z21, Z17, Z2
	VSHUFF64X2 $0x88, Z23, Z19, Z3
	VSHUFF64X2 $0xdd, Z20, Z16, Z4
	VSHUFF64X2 $0xdd, Z22, Z18, Z5
	VSHUFF64X2 $0xdd, Z21, Z17, Z6
	VSHUFF64X2 $0xdd, Z23, Z19, Z7

	STORE(Z0)
	STORE(Z1)
	STORE(Z2)
	STORE(Z3)
	STORE(Z4)
	STORE(Z5)
	STORE(Z6)
	STORE(Z7)
	ADDQ $64, SI
	JMP  eight

packed:
	VZEROUPPER
	RET

// Registers of copyAVX512:
//
//	DI           &dst[p·width], and DX from there to dst[(p+1)·width]
//	AX           &src[p·right], and SI from there to src[(p+1)·right]
//	CX           cols − p
//	K1, K2, K3   which of the rows 0 … 7, 8 … 15, 16 … 23 there are: the memory of the
//	             others is not touched

// func copyAVX512(dst []float64, width int, src []float64, right, rows, cols int)
TEXT ·copyAVX512(SB), NOSPLIT, $0-80
	MOVQ  dst_base+0(FP), DI
	MOVQ  width+24(FP), DX
	MOVQ  src_base+32(FP), AX
	MOVQ  right+56(FP), SI
	MOVQ  rows+64(FP), CX
	SHLQ  $3, DX
	SHLQ  $3, SI
	MOVL  $1, R15
	SHLL  CX, R15
	DECL  R15
	KMOVW R15, K1
	SHRL  $8, R15
	KMOVW R15, K2
	SHRL  $8, R15
	KMOVW R15, K3
	CMPQ  CX, $8
	MOVQ  cols+72(FP), CX
	JLE   copy8

copy24:
	VMOVUPD.Z (AX), K1, Z0
	VMOVUPD.Z 64(AX), K2, Z1
	VMOVUPD.Z 128(AX), K3, Z2
	VMOVUPD   Z0, K1, (DI)
	VMOVUPD   Z1, K2, 64(DI)
	VMOVUPD   Z2, K3, 128(DI)
	ADDQ      SI, AX
	ADDQ      DX, DI
	DECQ      CX
	JNZ       copy24
	VZEROUPPER
	RET

copy8:
	VMOVUPD.Z (AX), K1, Z0
	VMOVUPD   Z0, K1, (DI)
	ADDQ      SI, AX
	ADDQ      DX, DI
	DECQ      CX
	JNZ       copy8
	VZEROUPPER
	RET

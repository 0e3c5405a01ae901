//go:build !purego

#include "textflag.h"
#include "kernel_amd64.h"

// Registers of partAVX512, besides those of all tiles:
//
//	Z0 … Z23    C, as in tileAVX512: row i is Z(3i), Z(3i+1), Z(3i+2)
//	Z24 … Z26   B[p,0:24]
//	Z27         A[i,p] eight times over
//	R15         rows, and R14 what is left of them
//	K1, K2, K3  which columns there are of each eight: loads give 0 for the others, and
//	            stores leave them alone; neither touches their memory
//
// Each loop has the columns of one, two or three registers. A loop over p goes through
// as many rows as there are, and leaves by the label that its rows are given.

// NEXT goes to end after the last row.
#define NEXT(end) \
	DECQ R14 \
	JZ   end

#define ROW1(address, x, end) \
	VFMADD231PD.BCST address, Z24, x \
	NEXT(end)

#define ROW2(address, x, y, end) \
	VBROADCASTSD address, Z27 \
	VFMADD231PD  Z24, Z27, x  \
	VFMADD231PD  Z25, Z27, y  \
	NEXT(end)

#define ROW3(address, x, y, z, end) \
	VBROADCASTSD address, Z27 \
	VFMADD231PD  Z24, Z27, x  \
	VFMADD231PD  Z25, Z27, y  \
	VFMADD231PD  Z26, Z27, z  \
	NEXT(end)

// STEP goes on to the next p, in the same loop unless it was the last.
#define STEP(loop) \
	ADDQ R9, AX  \
	ADDQ R10, BX \
	DECQ CX      \
	JNZ  loop

#define ADD1(x, end) \
	VADDPD.Z (DI), x, K1, x \
	ADDQ     SI, DI         \
	NEXT(end)

#define ADD2(x, y, end) \
	VADDPD   (DI), x, x       \
	VADDPD.Z 64(DI), y, K2, y \
	ADDQ     SI, DI           \
	NEXT(end)

#define ADD3(x, y, z, end) \
	VADDPD   (DI), x, x        \
	VADDPD   64(DI), y, y      \
	VADDPD.Z 128(DI), z, K3, z \
	ADDQ     SI, DI            \
	NEXT(end)

#define STORE1(x, end) \
	VMOVUPD x, K1, (DI) \
	ADDQ    SI, DI      \
	NEXT(end)

#define STORE2(x, y, end) \
	VMOVUPD x, (DI)       \
	VMOVUPD y, K2, 64(DI) \
	ADDQ    SI, DI        \
	NEXT(end)

#define STORE3(x, y, z, end) \
	VMOVUPD x, (DI)        \
	VMOVUPD y, 64(DI)      \
	VMOVUPD z, K3, 128(DI) \
	ADDQ    SI, DI         \
	NEXT(end)

// func partAVX512(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, rows, cols int)
TEXT ·partAVX512(SB), NOSPLIT, $0-136
	MOVQ  cols+128(FP), CX
	MOVL  $1, R14
	SHLL  CX, R14
	DECL  R14              // a bit for each column
	KMOVW R14, K1
	SHRL  $8, R14
	KMOVW R14, K2
	SHRL  $8, R14
	KMOVW R14, K3
	MOVQ  CX, R14
	MOVQ  rows+120(FP), R15
	ARGUMENTS
	CLEARTILE512
	CMPQ  R14, $8
	JLE   step1
	CMPQ  R14, $16
	JLE   step2

step3:
	MOVQ R15, R14
	VMOVUPD (BX), Z24
	VMOVUPD 64(BX), Z25
	VMOVUPD.Z 128(BX), K3, Z26
	ROW3((AX), Z0, Z1, Z2, next3)
	ROW3((AX)(R8*1), Z3, Z4, Z5, next3)
	ROW3((AX)(R8*2), Z6, Z7, Z8, next3)
	ROW3((AX)(R11*1), Z9, Z10, Z11, next3)
	ROW3((AX)(R8*4), Z12, Z13, Z14, next3)
	ROW3((AX)(R12*1), Z15, Z16, Z17, next3)
	ROW3((AX)(R11*2), Z18, Z19, Z20, next3)
	ROW3((AX)(R13*1), Z21, Z22, Z23, next3)

next3:
	STEP(step3)

	MOVQ R15, R14
	TESTL DX, DX
	JZ store3
	MOVQ DI, AX
	ADD3(Z0, Z1, Z2, added3)
	ADD3(Z3, Z4, Z5, added3)
	ADD3(Z6, Z7, Z8, added3)
	ADD3(Z9, Z10, Z11, added3)
	ADD3(Z12, Z13, Z14, added3)
	ADD3(Z15, Z16, Z17, added3)
	ADD3(Z18, Z19, Z20, added3)
	ADD3(Z21, Z22, Z23, added3)

added3:
	MOVQ AX, DI
	MOVQ R15, R14

store3:
	STORE3(Z0, Z1, Z2, stored)
	STORE3(Z3, Z4, Z5, stored)
	STORE3(Z6, Z7, Z8, stored)
	STORE3(Z9, Z10, Z11, stored)
	STORE3(Z12, Z13, Z14, stored)
	STORE3(Z15, Z16, Z17, stored)
	STORE3(Z18, Z19, Z20, stored)
	STORE3(Z21, Z22, Z23, stored)

step2:
	MOVQ R15, R14
	VMOVUPD (BX), Z24
	VMOVUPD.Z 64(BX), K2, Z25
	ROW2((AX), Z0, Z1, next2)
	ROW2((AX)(R8*1), Z3, Z4, next2)
	ROW2((AX)(R8*2), Z6, Z7, next2)
	ROW2((AX)(R11*1), Z9, Z10, next2)
	ROW2((AX)(R8*4), Z12, Z13, next2)
	ROW2((AX)(R12*1), Z15, Z16, next2)
	ROW2((AX)(R11*2), Z18, Z19, next2)
	ROW2((AX)(R13*1), Z21, Z22, next2)

next2:
	STEP(step2)

	MOVQ R15, R14
	TESTL DX, DX
	JZ store2
	MOVQ DI, AX
	ADD2(Z0, Z1, added2)
	ADD2(Z3, Z4, added2)
	ADD2(Z6, Z7, added2)
	ADD2(Z9, Z10, added2)
	ADD2(Z12, Z13, added2)
	ADD2(Z15, Z16, added2)
	ADD2(Z18, Z19, added2)
	ADD2(Z21, Z22, added2)

added2:
	MOVQ AX, DI
	MOVQ R15, R14

store2:
	STORE2(Z0, Z1, stored)
	STORE2(Z3, Z4, stored)
	STORE2(Z6, Z7, stored)
	STORE2(Z9, Z10, stored)
	STORE2(Z12, Z13, stored)
	STORE2(Z15, Z16, stored)
	STORE2(Z18, Z19, stored)
	STORE2(Z21, Z22, stored)

step1:
	MOVQ R15, R14
	VMOVUPD.Z (BX), K1, Z24
	ROW1((AX), Z0, next1)
	ROW1((AX)(R8*1), Z3, next1)
	ROW1((AX)(R8*2), Z6, next1)
	ROW1((AX)(R11*1), Z9, next1)
	ROW1((AX)(R8*4), Z12, next1)
	ROW1((AX)(R12*1), Z15, next1)
	ROW1((AX)(R11*2), Z18, next1)
	ROW1((AX)(R13*1), Z21, next1)

next1:
	STEP(step1)

	MOVQ R15, R14
	TESTL DX, DX
	JZ store1
	MOVQ DI, AX
	ADD1(Z0, added1)
	ADD1(Z3, added1)
	ADD1(Z6, added1)
	ADD1(Z9, added1)
	ADD1(Z12, added1)
	ADD1(Z15, added1)
	ADD1(Z18, added1)
	ADD1(Z21, added1)

added1:
	MOVQ AX, DI
	MOVQ R15, R14

store1:
	STORE1(Z0, stored)
	STORE1(Z3, stored)
	STORE1(Z6, stored)
	STORE1(Z9, stored)
	STORE1(Z12, stored)
	STORE1(Z15, stored)
	STORE1(Z18, stored)
	STORE1(Z21, stored)

stored:
	VZEROUPPER
	RET

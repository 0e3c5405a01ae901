//go:build !purego

#include "textflag.h"
#include "kernel_amd64.h"

// Registers of tileAVX512:
//
//	Z0 … Z23    C: row i is Z(3i), Z(3i+1), Z(3i+2), eight columns each
//	Z24 … Z26   B[p,0:24]
//	Z27, Z28    A[i,p] eight times over, for even and odd i
//
// The 24 sums are independent, more than twice as many as multiply-adds are under way
// at a time.

// ROW512 adds A[i,p]·B[p,0:24] to a row of C.
#define ROW512(address, a, x, y, z) \
	VBROADCASTSD address, a  \
	VFMADD231PD  Z24, a, x   \
	VFMADD231PD  Z25, a, y   \
	VFMADD231PD  Z26, a, z

// PREFETCH512 asks for a row of C, from AX on, and goes on to the next.
#define PREFETCH512 \
	PREFETCHT0 (AX)    \
	PREFETCHT0 64(AX)  \
	PREFETCHT0 128(AX) \
	ADDQ       SI, AX

// ADD512 adds what stands in memory to a row, and STORE512 stores it. Both go on to
// the next row.
#define ADD512(x, y, z) \
	VADDPD (DI), x, x    \
	VADDPD 64(DI), y, y  \
	VADDPD 128(DI), z, z \
	ADDQ   SI, DI

#define STORE512(x, y, z) \
	VMOVUPD x, (DI)    \
	VMOVUPD y, 64(DI)  \
	VMOVUPD z, 128(DI) \
	ADDQ    SI, DI

// func tileAVX512(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int)
TEXT ·tileAVX512(SB), NOSPLIT, $0-136
	ARGUMENTS
	PANELS

panel512:
	PANEL
	CLEARTILE512
	TESTL DX, DX
	JZ    step512
	CMPQ  CX, $64 // it pays only if C will not be needed soon
	JLT   step512
	MOVQ  DI, AX
	PREFETCH512
	PREFETCH512
	PREFETCH512
	PREFETCH512
	PREFETCH512
	PREFETCH512
	PREFETCH512
	PREFETCH512
	MOVQ a_base+8(FP), AX

step512:
	VMOVUPD (BX), Z24
	VMOVUPD 64(BX), Z25
	VMOVUPD 128(BX), Z26
	ROW512((AX), Z27, Z0, Z1, Z2)
	ROW512((AX)(R8*1), Z28, Z3, Z4, Z5)
	ROW512((AX)(R8*2), Z27, Z6, Z7, Z8)
	ROW512((AX)(R11*1), Z28, Z9, Z10, Z11)
	ROW512((AX)(R8*4), Z27, Z12, Z13, Z14)
	ROW512((AX)(R12*1), Z28, Z15, Z16, Z17)
	ROW512((AX)(R11*2), Z27, Z18, Z19, Z20)
	ROW512((AX)(R13*1), Z28, Z21, Z22, Z23)
	ADDQ R9, AX
	ADDQ R10, BX
	DECQ CX
	JNZ  step512

	TESTL DX, DX
	JZ    store512
	MOVQ  DI, AX
	ADD512(Z0, Z1, Z2)
	ADD512(Z3, Z4, Z5)
	ADD512(Z6, Z7, Z8)
	ADD512(Z9, Z10, Z11)
	ADD512(Z12, Z13, Z14)
	ADD512(Z15, Z16, Z17)
	ADD512(Z18, Z19, Z20)
	ADD512(Z21, Z22, Z23)
	MOVQ  AX, DI

store512:
	STORE512(Z0, Z1, Z2)
	STORE512(Z3, Z4, Z5)
	STORE512(Z6, Z7, Z8)
	STORE512(Z9, Z10, Z11)
	STORE512(Z12, Z13, Z14)
	STORE512(Z15, Z16, Z17)
	STORE512(Z18, Z19, Z20)
	STORE512(Z21, Z22, Z23)
	NEXTPANEL(3, 192, panel512)
	VZEROUPPER
	RET

// Registers of tileAVX2:
//
//	Y0 … Y11    C: row i is Y(3i), Y(3i+1), Y(3i+2), four columns each
//	Y12 … Y14   B[p,0:12]
//	Y15         A[i,p] four times over

#define CLEAR2(x, y, z) \
	VXORPD x, x, x \
	VXORPD y, y, y \
	VXORPD z, z, z

#define ROW2(address, x, y, z) \
	VBROADCASTSD address, Y15  \
	VFMADD231PD  Y12, Y15, x   \
	VFMADD231PD  Y13, Y15, y   \
	VFMADD231PD  Y14, Y15, z

#define ADD2(x, y, z) \
	VADDPD (DI), x, x   \
	VADDPD 32(DI), y, y \
	VADDPD 64(DI), z, z \
	ADDQ   SI, DI

#define STORE2(x, y, z) \
	VMOVUPD x, (DI)   \
	VMOVUPD y, 32(DI) \
	VMOVUPD z, 64(DI) \
	ADDQ    SI, DI

// func tileAVX2(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int)
TEXT ·tileAVX2(SB), NOSPLIT, $0-136
	ARGUMENTS
	PANELS

panel2:
	PANEL
	CLEAR2(Y0, Y1, Y2)
	CLEAR2(Y3, Y4, Y5)
	CLEAR2(Y6, Y7, Y8)
	CLEAR2(Y9, Y10, Y11)

step2:
	VMOVUPD (BX), Y12
	VMOVUPD 32(BX), Y13
	VMOVUPD 64(BX), Y14
	ROW2((AX), Y0, Y1, Y2)
	ROW2((AX)(R8*1), Y3, Y4, Y5)
	ROW2((AX)(R8*2), Y6, Y7, Y8)
	ROW2((AX)(R11*1), Y9, Y10, Y11)
	ADDQ R9, AX
	ADDQ R10, BX
	DECQ CX
	JNZ  step2

	TESTL DX, DX
	JZ    store2
	MOVQ  DI, AX
	ADD2(Y0, Y1, Y2)
	ADD2(Y3, Y4, Y5)
	ADD2(Y6, Y7, Y8)
	ADD2(Y9, Y10, Y11)
	MOVQ  AX, DI

store2:
	STORE2(Y0, Y1, Y2)
	STORE2(Y3, Y4, Y5)
	STORE2(Y6, Y7, Y8)
	STORE2(Y9, Y10, Y11)
	NEXTPANEL(2, 96, panel2)
	VZEROUPPER
	RET

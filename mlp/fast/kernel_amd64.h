// What the tiles in kernel_amd64.s and part_amd64.s have in common.
//
// The functions use the general registers alike, all distances in bytes:
//
//	CX   k, counted down
//	AX   &A[0,p], and R9 from there to A[0,p+1]
//	R8   from A[i,p] to A[i+1,p]; R11, R12, R13 are 3, 5 and 7 times as much, so that
//	     every row has an address of the form AX + R·1, R·2 or R·4
//	BX   &B[p,0], and R10 from there to B[p+1,0]
//	DI   &C[i,0], and SI from there to C[i+1,0]
//	DX   add
//
// An instruction VFMADD231PD b, a, c is c += a·b, rounded once.

// ARGUMENTS loads them, as they come from Go.
#define ARGUMENTS \
	MOVQ    k+0(FP), CX       \
	MOVQ    a_base+8(FP), AX  \
	MOVQ    ai+32(FP), R8     \
	MOVQ    ak+40(FP), R9     \
	MOVQ    b_base+48(FP), BX \
	MOVQ    bk+72(FP), R10    \
	MOVQ    c_base+80(FP), DI \
	MOVQ    ci+104(FP), SI    \
	MOVBLZX add+112(FP), DX   \
	SHLQ    $3, R8            \
	SHLQ    $3, R9            \
	SHLQ    $3, R10           \
	SHLQ    $3, SI            \
	LEAQ    (R8)(R8*2), R11   \
	LEAQ    (R8)(R8*4), R12   \
	LEAQ    (R11)(R8*4), R13

// PANELS, for the functions that go from panel to panel, lets R14 be their number and
// R15 the distance from where a panel of B ends, in its last row, to where the next
// begins.
#define PANELS \
	MOVQ  panels+120(FP), R14 \
	MOVQ  bj+128(FP), R15     \
	SHLQ  $3, R15             \
	MOVQ  CX, AX              \
	IMULQ R10, AX             \
	SUBQ  AX, R15

// PANEL begins with a panel: k and A are as at first.
#define PANEL \
	MOVQ k+0(FP), CX      \
	MOVQ a_base+8(FP), AX

// NEXTPANEL goes to panel for the next one, if there is any: from below its 2^log rows of C
// back to the first, and on by the width of a panel in bytes.
#define NEXTPANEL(log, width, panel) \
	ADDQ R15, BX     \
	MOVQ SI, AX      \
	SHLQ $log, AX    \
	SUBQ AX, DI      \
	ADDQ $width, DI  \
	DECQ R14         \
	JNZ  panel

// CLEAR512 sets three registers to 0.
#define CLEAR512(x, y, z) \
	VPXORQ x, x, x \
	VPXORQ y, y, y \
	VPXORQ z, z, z

// CLEARTILE512 sets Z0 … Z23 to 0.
#define CLEARTILE512 \
	CLEAR512(Z0, Z1, Z2)    \
	CLEAR512(Z3, Z4, Z5)    \
	CLEAR512(Z6, Z7, Z8)    \
	CLEAR512(Z9, Z10, Z11)  \
	CLEAR512(Z12, Z13, Z14) \
	CLEAR512(Z15, Z16, Z17) \
	CLEAR512(Z18, Z19, Z20) \
	CLEAR512(Z21, Z22, Z23)

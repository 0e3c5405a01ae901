//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// As vector512_amd64.s, four elements at a time, and with the same bits: the general
// registers and Y0 … Y15 are used alike, but for
//
//	R10     the mask of the elements that there are, all but in the last turn
//	Y2      2ⁿ, or 2⁻²⁰⁰ if that is larger
//	Y3      n, then what Y2 is to be multiplied by, so that it is 2ⁿ after all
//
// A product with 2ⁿ takes two multiplications. The first is exact, so that numbers
// below the normal ones are rounded once.

// ARGUMENTS loads them, as they come from Go, and 1.
#define ARGUMENTS \
	MOVQ    c+0(FP), AX           \
	MOVQ    a_base+8(FP), DI      \
	MOVQ    first_base+32(FP), DX \
	MOVQ    z_base+56(FP), SI     \
	MOVQ    z_len+64(FP), CX      \
	MOVQ    b_base+80(FP), BX     \
	LEAQ    table_lanes(AX), R10  \
	VMOVUPD table_one(AX), Y15

// PAIR is d = low + r·high.
#define PAIR(low, high, d) \
	VMOVUPD          high(AX), d    \
	VFMADD213PD low(AX), Y4, d

// EXP reduces x ≤ 0, or NaN, and computes q with eʳ = 1 + r + r²·q. The names are those
// of exp.go.
#define EXP \
	VMOVUPD           table_lowest(AX), Y2    \
	VMAXPD            Y1, Y2, Y1              \ // x itself if that is NaN
	VMOVUPD           table_perLn2(AX), Y2    \
	VFMADD213PD  table_shift(AX), Y1, Y2 \
	VSUBPD       table_shift(AX), Y2, Y3 \ // n
	VMAXPD            table_floor(AX), Y3, Y2 \
	VADDPD            table_shift(AX), Y2, Y2 \
	VPSLLQ            $52, Y2, Y2             \ // 2ⁿ
	VFNMADD231PD table_ln2Hi(AX), Y3, Y1 \ // h
	VMOVAPD           Y1, Y4                  \
	VFNMADD231PD table_ln2Lo(AX), Y3, Y4 \ // r
	VMULPD            Y4, Y4, Y5              \ // r²
	VMULPD            Y5, Y5, Y9              \ // r⁴
	PAIR(table_c2, table_c3, Y6)              \
	PAIR(table_c4, table_c5, Y7)              \
	VFMADD231PD       Y7, Y5, Y6              \
	PAIR(table_c6, table_c7, Y7)              \
	PAIR(table_c8, table_c9, Y8)              \
	VFMADD231PD       Y8, Y5, Y7              \
	PAIR(table_c10, table_c11, Y8)            \
	PAIR(table_c12, table_c13, Y10)           \
	VFMADD231PD       Y10, Y5, Y8             \
	VFMADD231PD       Y8, Y9, Y7              \
	VFMADD231PD       Y7, Y9, Y6

// SUM computes eʳ, as the sum of Y7 and Y8.
#define SUM \
	VADDPD            Y4, Y15, Y8             \ // 1 + r
	VMOVAPD           Y8, Y7                  \
	VFMADD231PD       Y6, Y5, Y7              \ // eʳ
	VSUBPD            Y8, Y15, Y9             \
	VADDPD            Y1, Y9, Y9              \
	VFNMADD231PD table_ln2Lo(AX), Y3, Y9 \ // what 1 + r has lost
	VSUBPD            Y7, Y8, Y8              \
	VFMADD231PD       Y6, Y5, Y8              \
	VADDPD            Y9, Y8, Y8

// ONE computes 1 + e, or 1 − e with the negative FMA, and what it has lost.
#define ONE(FMA, sum, lost) \
	VMOVAPD Y15, sum        \
	FMA     Y7, Y2, sum     \
	VSUBPD  sum, Y15, lost  \
	FMA     Y7, Y2, lost    \
	FMA     Y8, Y2, lost

// RECIPROCAL computes 1/(1+e) as Y11 + Y11·Y12.
#define RECIPROCAL \
	ONE(VFMADD231PD, Y9, Y10)  \
	VDIVPD       Y9, Y15, Y11  \
	VMOVAPD      Y15, Y12      \
	VFNMADD231PD Y9, Y11, Y12  \
	VFNMADD231PD Y10, Y11, Y12

// PRODUCT computes y = (x+lost)/(1+e), and LOST what it has lost. They overwrite x and
// lost.
#define PRODUCT(x, lost, y) \
	VFMADD231PD Y12, x, lost    \
	VMULPD      Y11, lost, lost \
	VMOVAPD     lost, y         \
	VFMADD231PD Y11, x, y

#define LOST(x, lost, y) \
	VFMSUB213PD y, Y11, x     \
	VADDPD      x, lost, lost

// REST computes Y3, with the exponent of a power of two that the result is to be
// multiplied by in bias.
#define REST(bias) \
	VMAXPD table_floor(AX), Y3, Y9 \
	VSUBPD Y9, Y3, Y3              \
	VADDPD bias(AX), Y3, Y3        \
	VPSLLQ $52, Y3, Y3

// SCALE multiplies by 2ⁿ.
#define SCALE(x) \
	VMULPD Y2, x, x \
	VMULPD Y3, x, x

// LANES sets R10 for the last CX elements, fewer than four.
#define LANES \
	NEGQ CX                            \
	LEAQ table_lanes+32(AX)(CX*8), R10 \
	NEGQ CX

// LOAD and STORE move the elements that there are.
#define LOAD(address, x) \
	VMOVUPD    (R10), Y1      \
	VMASKMOVPD address, Y1, x

#define STORE(x, address) \
	VMOVUPD    (R10), Y1      \
	VMASKMOVPD x, Y1, address

// BIAS adds b to z.
#define BIAS \
	LOAD((BX), Y2)     \
	VADDPD Y2, Y0, Y0  \
	STORE(Y0, (SI))    \
	ADDQ   $32, BX

// func sigmoidAVX2(c *table, a, first, z, b []float64)
TEXT ·sigmoidAVX2(SB), NOSPLIT, $0-104
	ARGUMENTS

sigmoid:
	CMPQ CX, $4
	JGE  sigmoidWhole
	LANES

sigmoidWhole:
	LOAD((SI), Y0)
	TESTQ BX, BX
	JZ    sigmoidBiased
	BIAS

sigmoidBiased:
	VORPD       table_sign(AX), Y0, Y1 // x = −|z|
	EXP
	SUM
	REST(table_shift)
	RECIPROCAL
	PRODUCT(Y7, Y8, Y13)
	VMOVAPD     Y11, Y14
	VFMADD231PD Y12, Y11, Y14          // σ(|z|)
	VMOVAPD     Y13, Y9
	SCALE(Y9)                          // σ(−|z|)
	VBLENDVPD   Y0, Y9, Y14, Y14
	STORE(Y14, (DI))
	TESTQ       DX, DX
	JZ          sigmoidNext
	LOST(Y7, Y8, Y13)
	PRODUCT(Y13, Y8, Y14)
	SCALE(Y14)                         // e·r²
	STORE(Y14, (DX))
	ADDQ        $32, DX

sigmoidNext:
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $4, CX
	JG   sigmoid
	VZEROUPPER
	RET

// func tanhAVX2(c *table, a, first, z, b []float64)
TEXT ·tanhAVX2(SB), NOSPLIT, $0-104
	ARGUMENTS

tanh:
	CMPQ CX, $4
	JGE  tanhWhole
	LANES

tanhWhole:
	LOAD((SI), Y0)
	TESTQ BX, BX
	JZ    tanhBiased
	BIAS

tanhBiased:
	VORPD  table_sign(AX), Y0, Y1
	VADDPD Y1, Y1, Y1             // x = −2|z|
	EXP
	SUM
	REST(table_shiftBy2)
	RECIPROCAL
	ONE(VFNMADD231PD, Y9, Y10)
	PRODUCT(Y9, Y10, Y13)         // tanh |z|
	VANDPD table_sign(AX), Y0, Y0
	VORPD  Y0, Y13, Y13
	STORE(Y13, (DI))
	TESTQ  DX, DX
	JZ     tanhNext
	PRODUCT(Y7, Y8, Y13)
	LOST(Y7, Y8, Y13)
	PRODUCT(Y13, Y8, Y14)
	SCALE(Y14)                    // 4·e·r²
	STORE(Y14, (DX))
	ADDQ   $32, DX

tanhNext:
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $4, CX
	JG   tanh
	VZEROUPPER
	RET

// func timesAVX2(dst, x []float64)
TEXT ·timesAVX2(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ x_base+24(FP), SI
	SUBQ $4, CX
	JLT  timesRest

times:
	VMOVUPD (SI), Y0
	VMULPD  (DI), Y0, Y0
	VMOVUPD Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $4, CX
	JGE     times

timesRest:
	ADDQ $4, CX
	JZ   timesDone

timesOne:
	VMOVSD (SI), X0
	VMULSD (DI), X0, X0
	VMOVSD X0, (DI)
	ADDQ   $8, SI
	ADDQ   $8, DI
	DECQ   CX
	JNZ    timesOne

timesDone:
	VZEROUPPER
	RET

//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// The functions are those of vector_amd64.go, eight elements at a time. The general
// registers:
//
//	CX       how many elements are left
//	AX       the constants
//	DI, DX   a and first, where they are to be stored; DX is 0 if first is nil
//	SI, BX   z and b; BX is 0 if b is nil
//
// and the others, as far as two macros agree on them:
//
//	K1       the elements that there are, all but in the last turn
//	Z0       z
//	Z1       x, the argument of the exponential, then h
//	Z2, Z3   2ⁿ and n
//	Z4 … Z6  r, r² and q
//	Z7, Z8   eʳ and what it has lost
//	Z11, Z12 the reciprocal of 1+e, and its relative error
//	Z15      1
//
// An instruction VFMADD231PD a, b, c is c += a·b, VFMADD213PD a, b, c is c = b·c + a,
// and VFN… takes the product negative; each is rounded once. With .BCST, a is one
// number, eight times over.

// ARGUMENTS loads them, as they come from Go, and 1.
#define ARGUMENTS \
	MOVQ          c+0(FP), AX           \
	MOVQ          a_base+8(FP), DI      \
	MOVQ          first_base+32(FP), DX \
	MOVQ          z_base+56(FP), SI     \
	MOVQ          z_len+64(FP), CX      \
	MOVQ          b_base+80(FP), BX     \
	KXNORW        K1, K1, K1            \
	VBROADCASTSD  table_one(AX), Z15

// PAIR is d = low + r·high.
#define PAIR(low, high, d) \
	VBROADCASTSD     high(AX), d    \
	VFMADD213PD.BCST low(AX), Z4, d

// EXP reduces x ≤ 0, or NaN, and computes q with eʳ = 1 + r + r²·q. The names are those
// of exp.go.
#define EXP \
	VBROADCASTSD      table_lowest(AX), Z2    \
	VMAXPD            Z1, Z2, Z1              \ // x itself if that is NaN
	VBROADCASTSD      table_perLn2(AX), Z2    \
	VFMADD213PD.BCST  table_shift(AX), Z1, Z2 \
	VSUBPD.BCST       table_shift(AX), Z2, Z3 \ // n
	VSCALEFPD         Z3, Z15, Z2             \ // 2ⁿ
	VFNMADD231PD.BCST table_ln2Hi(AX), Z3, Z1 \ // h
	VMOVAPD           Z1, Z4                  \
	VFNMADD231PD.BCST table_ln2Lo(AX), Z3, Z4 \ // r
	VMULPD            Z4, Z4, Z5              \ // r²
	VMULPD            Z5, Z5, Z9              \ // r⁴
	PAIR(table_c2, table_c3, Z6)              \
	PAIR(table_c4, table_c5, Z7)              \
	VFMADD231PD       Z7, Z5, Z6              \
	PAIR(table_c6, table_c7, Z7)              \
	PAIR(table_c8, table_c9, Z8)              \
	VFMADD231PD       Z8, Z5, Z7              \
	PAIR(table_c10, table_c11, Z8)            \
	PAIR(table_c12, table_c13, Z10)           \
	VFMADD231PD       Z10, Z5, Z8             \
	VFMADD231PD       Z8, Z9, Z7              \
	VFMADD231PD       Z7, Z9, Z6

// SUM computes eʳ, as the sum of Z7 and Z8.
#define SUM \
	VADDPD            Z4, Z15, Z8             \ // 1 + r
	VMOVAPD           Z8, Z7                  \
	VFMADD231PD       Z6, Z5, Z7              \ // eʳ
	VSUBPD            Z8, Z15, Z9             \
	VADDPD            Z1, Z9, Z9              \
	VFNMADD231PD.BCST table_ln2Lo(AX), Z3, Z9 \ // what 1 + r has lost
	VSUBPD            Z7, Z8, Z8              \
	VFMADD231PD       Z6, Z5, Z8              \
	VADDPD            Z9, Z8, Z8

// ONE computes 1 + e, or 1 − e with the negative FMA, and what it has lost.
#define ONE(FMA, sum, lost) \
	VMOVAPD Z15, sum        \
	FMA     Z7, Z2, sum     \
	VSUBPD  sum, Z15, lost  \
	FMA     Z7, Z2, lost    \
	FMA     Z8, Z2, lost

// RECIPROCAL computes 1/(1+e) as Z11 + Z11·Z12.
#define RECIPROCAL \
	ONE(VFMADD231PD, Z9, Z10)  \
	VDIVPD       Z9, Z15, Z11  \
	VMOVAPD      Z15, Z12      \
	VFNMADD231PD Z9, Z11, Z12  \
	VFNMADD231PD Z10, Z11, Z12

// PRODUCT computes y = (x+lost)/(1+e), and LOST what it has lost. They overwrite x and
// lost.
#define PRODUCT(x, lost, y) \
	VFMADD231PD Z12, x, lost    \
	VMULPD      Z11, lost, lost \
	VMOVAPD     lost, y         \
	VFMADD231PD Z11, x, y

#define LOST(x, lost, y) \
	VFMSUB213PD y, Z11, x     \
	VADDPD      x, lost, lost

// LANES sets K1 for the last CX elements, fewer than eight.
#define LANES \
	MOVL  $1, R9 \
	SHLL  CX, R9 \
	DECL  R9     \
	KMOVW R9, K1

// LOAD loads z, and STORE stores a. A processor passes a number that it has just stored on
// to a load of the same number, but not to one of more, nor from a store by a mask: it
// waits. So the last one or four, all there is in the smallest layers, are loaded one by
// one, and a, which is read at once, is stored without a mask.
#define LOAD(four, one, loaded) \
	CMPQ        CX, $4          \
	JEQ         four            \
	CMPQ        CX, $1          \
	JEQ         one             \
	VMOVUPD.Z   (SI), K1, Z0    \
	JMP         loaded          \
four:                           \
	VMOVSD      16(SI), X1      \
	VMOVHPD     24(SI), X1, X1  \
	VMOVSD      (SI), X0        \
	VMOVHPD     8(SI), X0, X0   \
	VINSERTF128 $1, X1, Y0, Y0  \
	JMP         loaded          \
one:                            \
	VMOVSD      (SI), X0        \
loaded:

#define STORE(z, y, x, four, one, stored) \
	CMPQ    CX, $4      \
	JEQ     four        \
	CMPQ    CX, $1      \
	JEQ     one         \
	VMOVUPD z, K1, (DI) \
	JMP     stored      \
four:                   \
	VMOVUPD y, (DI)     \
	JMP     stored      \
one:                    \
	VMOVSD  x, (DI)     \
stored:

// BIAS adds b to z.
#define BIAS \
	VMOVUPD.Z (BX), K1, Z1 \
	VADDPD    Z1, Z0, Z0   \
	VMOVUPD   Z0, K1, (SI) \
	ADDQ      $64, BX

// func sigmoidAVX512(c *table, a, first, z, b []float64)
TEXT ·sigmoidAVX512(SB), NOSPLIT, $0-104
	ARGUMENTS

sigmoid:
	CMPQ CX, $8
	JGE  sigmoidWhole
	LANES

sigmoidWhole:
	LOAD(sigmoidLoadFour, sigmoidLoadOne, sigmoidLoaded)
	TESTQ     BX, BX
	JZ        sigmoidBiased
	BIAS

sigmoidBiased:
	VPORQ.BCST     table_sign(AX), Z0, Z1     // x = −|z|
	EXP
	SUM
	RECIPROCAL
	PRODUCT(Z7, Z8, Z13)
	VMOVAPD        Z11, Z14
	VFMADD231PD    Z12, Z11, Z14             // σ(|z|)
	VPTESTMQ.BCST  table_sign(AX), Z0, K2
	VSCALEFPD      Z3, Z13, K2, Z14          // σ(−|z|)
	STORE(Z14, Y14, X14, sigmoidFour, sigmoidOne, sigmoidStored)
	TESTQ          DX, DX
	JZ             sigmoidNext
	LOST(Z7, Z8, Z13)
	PRODUCT(Z13, Z8, Z14)
	VSCALEFPD      Z3, Z14, Z14              // e·r²
	VMOVUPD        Z14, K1, (DX)
	ADDQ           $64, DX

sigmoidNext:
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $8, CX
	JG   sigmoid
	VZEROUPPER
	RET

// func tanhAVX512(c *table, a, first, z, b []float64)
TEXT ·tanhAVX512(SB), NOSPLIT, $0-104
	ARGUMENTS

tanh:
	CMPQ CX, $8
	JGE  tanhWhole
	LANES

tanhWhole:
	LOAD(tanhLoadFour, tanhLoadOne, tanhLoaded)
	TESTQ     BX, BX
	JZ        tanhBiased
	BIAS

tanhBiased:
	VPORQ.BCST   table_sign(AX), Z0, Z1
	VADDPD       Z1, Z1, Z1             // x = −2|z|
	EXP
	SUM
	RECIPROCAL
	ONE(VFNMADD231PD, Z9, Z10)
	PRODUCT(Z9, Z10, Z13)               // tanh |z|
	VPANDQ.BCST  table_sign(AX), Z0, Z0
	VPORQ        Z0, Z13, Z13
	STORE(Z13, Y13, X13, tanhFour, tanhOne, tanhStored)
	TESTQ        DX, DX
	JZ           tanhNext
	PRODUCT(Z7, Z8, Z13)
	LOST(Z7, Z8, Z13)
	PRODUCT(Z13, Z8, Z14)
	VADDPD.BCST  table_two(AX), Z3, Z3
	VSCALEFPD    Z3, Z14, Z14           // 4·e·r²
	VMOVUPD      Z14, K1, (DX)
	ADDQ         $64, DX

tanhNext:
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $8, CX
	JG   tanh
	VZEROUPPER
	RET

// func timesAVX512(dst, x []float64)
TEXT ·timesAVX512(SB), NOSPLIT, $0-48
	MOVQ   dst_base+0(FP), DI
	MOVQ   dst_len+8(FP), CX
	MOVQ   x_base+24(FP), SI
	KXNORW K1, K1, K1

times:
	CMPQ CX, $8
	JGE  timesWhole
	LANES

timesWhole:
	VMOVUPD.Z (SI), K1, Z0
	VMOVUPD.Z (DI), K1, Z1
	VMULPD    Z0, Z1, Z1
	VMOVUPD   Z1, K1, (DI)
	ADDQ      $64, SI
	ADDQ      $64, DI
	SUBQ      $8, CX
	JG        times
	VZEROUPPER
	RET

//go:build !purego

package fast

// cpuid executes the instruction CPUID.
func cpuid(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32)

// xgetbv returns the low half of XCR0, which tells whose registers the operating
// system saves. It may be called only if CPUID says that there is an XGETBV.
func xgetbv() uint32

// features returns whether the processor has AVX2 with FMA, and AVX-512F, and the
// operating system keeps their registers.
func features() (avx2, avx512 bool) {
	const (
		fma     = 1 << 12 // leaf 1, ECX
		osxsave = 1 << 27
		avx     = 1 << 28
		avx2Bit = 1 << 5 // leaf 7, EBX
		avx512F = 1 << 16

		ymmState = 0x06 // XCR0: XMM, YMM
		zmmState = 0xe6 // and opmask, the upper halves of ZMM0–15, ZMM16–31
	)
	top, _, _, _ := cpuid(0, 0)
	if top < 7 {
		return false, false
	}
	_, _, c, _ := cpuid(1, 0)
	if c&fma == 0 || c&osxsave == 0 || c&avx == 0 {
		return false, false
	}
	_, b, _, _ := cpuid(7, 0)
	state := xgetbv()
	avx2 = b&avx2Bit != 0 && state&ymmState == ymmState
	return avx2, avx2 && b&avx512F != 0 && state&zmmState == zmmState
}

package dd

import "math"

// Ln2 is log 2, within 2^−110.
var Ln2 = DD{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}

// OnePlus returns f and k with 1+x = 2^k·(1+f) and 0 ≤ f ≤ 1, with a relative error of at
// most 4u². So log(1+x) is k·Ln2 + Log1p(f), where neither term is negative.
//
// It holds for 1 ≤ x.Hi ≤ 2^900.
//
// Proof. 1+x and f are sums by AddFloat, within 2u² of themselves, and f is less than 1+f.
func OnePlus(x DD) (f DD, k int) {
	m := x.AddFloat(1)
	_, k = math.Frexp(m.Hi)
	k--
	f = m.Scale(-k).AddFloat(-1)
	if f.Hi < 0 { // m.Hi is 2^k, and m less
		k--
		f = m.Scale(-k).AddFloat(-1)
	}
	return f, k
}

package loss_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"touchstone/internal/dd"
	"touchstone/internal/round"
	"touchstone/loss"
)

// hardest are the hardest arguments of each function among the 4·10⁸ of TestSearch, up to
// 20, with the float64 nearest and the distance, in ulp, of the truth from a midpoint.
var hardest = []struct {
	name    string
	y, t, v float64
}{
	{"CrossEntropy.Value", 0x1.58bf3ae068f33p-01, 0x1.2d2e6728a2f76p-01, 0x1.62fd2a9cf5bdp-01},        // 2^-27.9
	{"CrossEntropy.Value", 0x1.1d2a0aa3cb242p-02, 0x1p+00, 0x1.4745a70e40edep+00},                     // 2^-27.6
	{"CrossEntropy.Value", 0x1.9eaa2b7f03024p-02, 0x1.f2bb2b9a93396p-02, 0x1.69c2deacf9e61p-01},       // 2^-27.2
	{"CrossEntropy.Value", 0x1.05ca6a6e84044p-01, 0x1.3d50320224258p-04, 0x1.6ccf9f1529b9bp-01},       // 2^-27.2
	{"CrossEntropy.Value", 0x1.79bcda24bc9ccp-02, 0x0p+00, 0x1.d750101069ebdp-02},                     // 2^-27.1
	{"CrossEntropy.Value", 0x1.6e4bd4bf28146p-02, 0x1p+00, 0x1.072cf07449da9p+00},                     // 2^-27.0
	{"CrossEntropy.Value", 0x1.9486f7d60244p-02, 0x1.9ed00fcebe2eep-02, 0x1.59b80bb00c97cp-01},        // 2^-26.6
	{"CrossEntropy.Value", 0x1.e251df3930563p-01, 0x1p+00, 0x1.e934164c1e925p-05},                     // 2^-26.6
	{"CrossEntropy.Value", 0x1.35528bfccc75ep-02, 0x0p+00, 0x1.70458ec60ebc2p-02},                     // 2^-26.5
	{"CrossEntropy.Value", 0x1.29b3a532028cap-02, 0x0p+00, 0x1.5fc15c325ee9ap-02},                     // 2^-26.5
	{"CrossEntropy.Value", 0x1.2bde95e9b9a64p-03, 0x1.ae2b1237989bp-01, 0x1.a3b673e96e89dp+00},        // 2^-26.1
	{"CrossEntropy.Value", 0x1.74910330148p-11, 0x1p+00, 0x1.cff5dbc09d40ep+02},                       // 2^-26.0
	{"CrossEntropy.Value", 0x1.9cccfdc9a10cp-05, 0x1p+00, 0x1.7e751733458afp+01},                      // 2^-25.5
	{"CrossEntropy.Value", 0x1.a740fc3335e88p-01, 0x1.628a90233f94p-04, 0x1.9e08f9bd72bdp+00},         // 2^-25.4
	{"CrossEntropy.Value", 0x1.f97d7327a65a7p-01, 0x1.2a10e44ed1bdap-01, 0x1.d4d12dc31b561p+00},       // 2^-25.4
	{"LogitCrossEntropy.Value", 0x1.92b476862d138p+01, 0x1.7531efb841198p-04, 0x1.7367a32a43067p+01},  // 2^-30.5
	{"LogitCrossEntropy.Value", 0x1.d3c123a7ba8b8p+00, 0x0p+00, 0x1.f9f10fc37c58p+00},                 // 2^-30.3
	{"LogitCrossEntropy.Value", -0x1.3bbe7fa3cda88p+01, 0x1p+00, 0x1.462b7c9bbbbe9p+01},               // 2^-29.2
	{"LogitCrossEntropy.Value", -0x1.8fdd5a6bffb74p+01, 0x1.5a2c72df00b04p-02, 0x1.196034a8df309p+00}, // 2^-27.6
	{"LogitCrossEntropy.Value", -0x1.bdf2488ae9648p+00, 0x1p+00, 0x1.e744d4a3bc45cp+00},               // 2^-26.6
	{"LogitCrossEntropy.Value", 0x1.76991b5e7bddp+00, 0x1.3476fde496e62p-01, 0x1.946ef98de721dp-01},   // 2^-25.4
	{"LogitCrossEntropy.Value", 0x1.cc6dc83e3deep+00, 0x1.b0b2a447b0408p-01, 0x1.ba1e21a9109b9p-02},   // 2^-24.6
	{"LogitCrossEntropy.Value", 0x1.8a84194c54ae8p+00, 0x1.8c066c7b16bfap-01, 0x1.1613bbf88ccbcp-01},  // 2^-24.5
	{"LogitCrossEntropy.Value", 0x1.240d605747ep-04, 0x1.e077561ab7cabp-01, 0x1.53363980d9911p-01},    // 2^-24.5
	{"LogitCrossEntropy.Value", -0x1.08ce5648bb9bp+00, 0x1.11f338ac0413dp-01, 0x1.b7160f194552cp-01},  // 2^-24.1
	{"LogitCrossEntropy.Value", 0x1.c6f5d217b43bp-01, 0x1.edb030cef6f18p-02, 0x1.9bfb4a5da4b2ep-01},   // 2^-24.0
	{"LogitCrossEntropy.Value", -0x1.891fcb3e8698p-01, 0x1.e9be93e943ce8p-04, 0x1.e458847e0794dp-02},  // 2^-24.0
	{"LogitCrossEntropy.Value", 0x1.6edc7baa95b5p-01, 0x1.959d32b6465fp-03, 0x1.f1d79a3675b91p-01},    // 2^-23.4
	{"LogitCrossEntropy.Value", -0x1.5c0b474b443p-05, 0x1.d970fbb2a9eecp-03, 0x1.5d28bcf1e4bdfp-01},   // 2^-23.1
	{"LogitCrossEntropy.Value", -0x1.f548876e79fp-04, 0x1.7ae98632c7c58p-04, 0x1.4a50d2477191bp-01},   // 2^-22.7
	{"LogitCrossEntropy.Grad", 0x1.8f0b7c98810acp+02, 0x1.aabd9519802p-02, 0x1.29a0e0ca635e6p-01},     // 2^-32.9
	{"LogitCrossEntropy.Grad", -0x1.5d1925594fc9p+01, 0x1.62183619d38bbp-01, -0x1.42ab094ed00ffp-01},  // 2^-29.0
	{"LogitCrossEntropy.Grad", 0x1.1345e0d92bce8p+00, 0x1.92358ab8ec7bep-01, -0x1.4762b75b621c5p-05},  // 2^-28.2
	{"LogitCrossEntropy.Grad", -0x1.6101d237f23e2p+01, 0x1.5b51acbe762b7p-01, -0x1.3cc80a0cb5643p-01}, // 2^-26.8
	{"LogitCrossEntropy.Grad", 0x1.843e5bf5db048p+02, 0x1.f5cca8c11c4fp-01, 0x1.207fc95c2f96bp-06},    // 2^-26.2
	{"LogitCrossEntropy.Grad", 0x1.0e9bfe1aa0e3p+00, 0x1.483de25ac72a2p-01, 0x1.9dd46a222522fp-04},    // 2^-25.9
	{"LogitCrossEntropy.Grad", 0x1.6dea1ac9494dp-01, 0x0p+00, 0x1.57c628f0241d3p-01},                  // 2^-25.6
	{"LogitCrossEntropy.Grad", 0x1.29000cf4e4184p+01, 0x1.14ce218faa33cp-01, 0x1.7ac9c896da48ep-02},   // 2^-25.6
	{"LogitCrossEntropy.Grad", 0x1.44303a5107a3p-01, 0x0p+00, 0x1.4e71938eb7708p-01},                  // 2^-25.2
	{"LogitCrossEntropy.Grad", 0x1.3384e9061f698p+02, 0x1.fb03586089e0fp-01, 0x1.a8195338a26e1p-10},   // 2^-25.1
	{"LogitCrossEntropy.Grad", -0x1.030d0f1127704p+01, 0x1.10f6a0f5a0784p-02, -0x1.32e0d4cbf8c3dp-03}, // 2^-24.8
	{"LogitCrossEntropy.Grad", 0x1.bd34c1129904p-02, 0x1.96380c7ded943p-01, -0x1.7db6d429edb24p-03},   // 2^-24.3
	{"LogitCrossEntropy.Grad", 0x1.72942507fcf6p-02, 0x1.86307550f557p-03, 0x1.988d4eb7904cp-02},      // 2^-24.1
	{"LogitCrossEntropy.Grad", 0x1.47facf5c34a4p-01, 0x0p+00, 0x1.4f4d305e44841p-01},                  // 2^-24.0
	{"LogitCrossEntropy.Grad", -0x1.3817272a33cap+01, 0x1.1894e8620bf28p-02, -0x1.8cb2ba16b66a9p-03},  // 2^-24.0
	{"LogitCrossEntropy.Grad", 0x1.55fd0cef03d14p+01, 0x1.c614f96cbc5bcp-01, 0x1.8d00cd7fe08e6p-05},   // 2^-23.6
	{"LogitCrossEntropy.Grad", -0x1.fbd86430c32ep-02, 0x1.032c39995ff88p-03, 0x1.01fdfc062e668p-02},   // 2^-23.4
	{"LogitCrossEntropy.Grad", -0x1.4cdbca1761348p+00, 0x1.da99da6b797bp-04, 0x1.92761548cd321p-04},   // 2^-23.3
	{"LogitCrossEntropy.Grad", -0x1.20eedd82ecbp+01, 0x1.7b49aa5c594p-10, 0x1.7e0e9f63d6b6ep-04},      // 2^-23.3
	{"LogitCrossEntropy.Grad", -0x1.d0b263921d2p-03, 0x1p+00, -0x1.1ceb69b35f6ebp-01},                 // 2^-23.2
}

func TestHard(t *testing.T) {
	for _, h := range hardest {
		for _, r := range roundeds {
			if r.name != h.name {
				continue
			}
			if v := r.f(h.y, h.t); v != h.v {
				t.Errorf("%s at y = %x, t = %x: %x, want %x", r.name, h.y, h.t, v, h.v)
			}
			if v := roundOf(func(c *calc) *big.Float { return r.truth(c, h.y, h.t) }); v != h.v {
				t.Errorf("%s at y = %x, t = %x is %x, not %x", r.name, h.y, h.t, v, h.v)
			}
			if _, ok := r.quick(h.y, h.t); ok {
				t.Errorf("%s at y = %x, t = %x counts as settled by the quick phase", r.name, h.y, h.t)
			}
		}
	}
}

// zeros are arguments where a value, for a target beyond [0, 1], is nearly 0.
func zeros(r *rounded, y float64) (t float64) {
	switch r.name {
	case "CrossEntropy.Value":
		return math.Log1p(-y) / (math.Log1p(-y) - math.Log(y))
	case "LogitCrossEntropy.Value":
		return math.Log1p(math.Exp(y)) / y
	}
	return r.p(y)
}

// misrounded counts the results of f that are wrong at the hardest and at random arguments.
func misrounded(r *rounded, f func(y, t float64) float64) (count int) {
	check := func(y, t float64) {
		if v := f(y, t); v != roundOf(func(c *calc) *big.Float { return r.truth(c, y, t) }) {
			count++
		}
	}
	for _, h := range hardest {
		if h.name == r.name {
			check(h.y, h.t)
		}
	}
	rnd := rand.New(rand.NewPCG(27, 0))
	for range 200 {
		y, t := r.draw(rnd)
		check(y, t)
		if z := zeros(r, y); z-z == 0 && z != 0 && r.truth(&calc{prec: 200}, y, z).Sign() != 0 {
			check(y, z)
		}
	}
	return count
}

// TestHardSeesErrors plants errors, one in each phase, and the plain formulas.
func TestHardSeesErrors(t *testing.T) {
	if testing.Short() {
		t.Skip("it tests tests")
	}
	type planted struct {
		what string
		f    func(y, t float64) float64
	}
	plain := map[string][]planted{
		"Squared.Value": {
			{"the square of a rounded difference", func(y, t float64) float64 { d := y - t; return 0.5 * d * d }},
		},
		"CrossEntropy.Value": {{"the plain formula", func(y, t float64) float64 {
			return -t*math.Log(y) - (1-t)*math.Log1p(-y)
		}}},
		"CrossEntropy.Grad": {{"the plain formula", func(y, t float64) float64 { return (y - t) / (y * (1 - y)) }}},
		"LogitCrossEntropy.Value": {{"the plain formula", func(y, t float64) float64 {
			return max(y, 0) - t*y + math.Log1p(math.Exp(-math.Abs(y)))
		}}},
		"LogitCrossEntropy.Grad": {
			{"a rounded sigmoid", func(y, t float64) float64 { return σ(y) - t }},
			{"the smaller sigmoid, rounded", func(y, t float64) float64 {
				if y > 0 && t >= 0.5 {
					return (1 - t) - σ(-y)
				}
				return σ(y) - t
			}},
			{"too small a bound", func(y, t float64) float64 {
				q := round.Sigmoid(y).Add(dd.FromFloat(-t))
				if round.SettledWithin(q, 0x1p-100) { // of the difference, not of σ(y)
					return q.Hi
				}
				return gradient(loss.LogitCrossEntropy{}, []float64{y}, []float64{t})[0]
			}},
		},
	}
	for i := range roundeds {
		r := &roundeds[i]
		if n := misrounded(r, r.f); n > 0 {
			t.Errorf("%s: %d misrounded", r.name, n)
		}
		for _, p := range append(plain[r.name], planted{"a missing fallback", func(y, t float64) float64 {
			v, _ := r.quick(y, t)
			return v
		}}) {
			if misrounded(r, p.f) == 0 {
				t.Errorf("%s: %s is not seen", r.name, p.what)
			}
		}
	}
}

// TestNoAllocations: the quick phases, which decide here, do not allocate.
func TestNoAllocations(t *testing.T) {
	for _, f := range all {
		dst := make([]float64, 3)
		for _, y := range [][]float64{{0.1, 0.2, 0.7}, {0.9, 0.75, 0.3}} {
			for _, u := range [][]float64{{0, 0, 1}, {0.3, 0.3, 0.4}} {
				if n := testing.AllocsPerRun(100, func() {
					f.Value(y, u)
					f.Grad(dst, y, u)
				}); n != 0 {
					t.Errorf("%v at y = %v, t = %v: %v allocations", f, y, u, n)
				}
			}
		}
	}
}

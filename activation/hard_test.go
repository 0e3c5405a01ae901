package activation_test

import (
	"math"
	"testing"

	"touchstone/activation"
	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// hard are the 20 hardest arguments of each function among the 10⁹ of TestSearch
// (10⁸ for a second derivative, and the first 6), with the float64 nearest and the
// distance, in ulp, of the truth from a midpoint. A few were found otherwise.
var hard = []struct {
	name string
	z, y float64
}{
	// Arguments at which the quick phase rounds to the wrong side: with z/4 and z²/16
	// the series of σ and σ′ begin at a midpoint, and go on below 2^−156 and 2^−109.
	{"Sigmoid.Value", 0x1.8p-51, 0x1.0000000000001p-01},
	{"Sigmoid.Value", 0x1.cp-50, 0x1.0000000000003p-01},
	{"Sigmoid.Value", 0x1.7p-48, 0x1.000000000000bp-01},
	{"Sigmoid.Value", -0x1p-53, 0x1p-01},
	{"Sigmoid.Deriv", 0x1p-26, 0x1p-02},
	{"Tanh.Value", 0x1.7b0a609e671f7p-03, 0x1.76c5695a9d766p-03},       // 2^-31.9
	{"Tanh.Value", 0x1.2cdbb9aa65c36p-02, 0x1.247d7c4e63aafp-02},       // 2^-26.8
	{"Sigmoid.Value", 0x1.a0f03e6ceefcap-11, 0x1.001a0f03cfc49p-01},    // 2^-33.4
	{"Sigmoid.Value", 0x1.2b70887296eb5p+05, 0x1p+00},                  // 2^-29.3
	{"Sigmoid.Value", 0x1.f261e756f39bp+02, 0x1.ffc9a098e145fp-01},     // 2^-28.8
	{"Sigmoid.Value", 0x1.9f781a70c50fdp+02, 0x1.ff3999c69b1d9p-01},    // 2^-28.6
	{"Sigmoid.Value", -0x1.8ea1b7f1e6cd5p+05, 0x1.14aa728976d59p-72},   // 2^-28.6
	{"Sigmoid.Value", 0x1.071d9b92ff115p-07, 0x1.01071d3eed1b5p-01},    // 2^-28.3
	{"Sigmoid.Value", 0x1.e61fad485a7e4p-12, 0x1.000f30fd65b23p-01},    // 2^-28.1
	{"Sigmoid.Value", 0x1.c26e3875b6a1p-03, 0x1.1c09fa403069fp-01},     // 2^-28.1
	{"Sigmoid.Value", 0x1.cc32f412e4485p+04, 0x1.ffffffffff4a6p-01},    // 2^-28.0
	{"Sigmoid.Value", 0x1.b23cab9563531p-02, 0x1.357b0750abfe3p-01},    // 2^-27.8
	{"Sigmoid.Value", -0x1.911c0f7fa8c6ap+02, 0x1.f06ab9ddf834fp-10},   // 2^-27.6
	{"Sigmoid.Value", -0x1.098b57f7aac14p-08, 0x1.fef674bfd78c7p-02},   // 2^-27.6
	{"Sigmoid.Value", 0x1.6a8574db1c73fp+01, 0x1.e3873c1650bfcp-01},    // 2^-27.0
	{"Sigmoid.Value", -0x1.395c09fe6a779p-10, 0x1.ffb1a8fe1ce69p-02},   // 2^-26.6
	{"Sigmoid.Value", -0x1.2e993c5818afdp-08, 0x1.fed166e6e3525p-02},   // 2^-26.6
	{"Sigmoid.Value", 0x1.04cb8f1471e5ep+02, 0x1.f771d89a4ae2ep-01},    // 2^-26.6
	{"Sigmoid.Value", 0x1.58cc3889b4c64p-11, 0x1.00158cc37b937p-01},    // 2^-26.4
	{"Sigmoid.Value", 0x1.374c65fef69abp-07, 0x1.01374bcc8f7d7p-01},    // 2^-26.3
	{"Sigmoid.Value", -0x1.1b1b2e770465dp+07, 0x1.b836bd88ad3f6p-205},  // 2^-26.1
	{"Sigmoid.Value", -0x1.947d8735f6968p-03, 0x1.cd9a38ac90e13p-02},   // 2^-26.1
	{"Sigmoid.Deriv", -0x1.adb957f6ff57ep-02, 0x1.ea1a8991c757cp-03},   // 2^-30.4
	{"Sigmoid.Deriv", 0x1.edd668f22b7p-02, 0x1.e358dc2d190a3p-03},      // 2^-30.2
	{"Sigmoid.Deriv", 0x1.81a4a28b4a9cp-03, 0x1.fb7cf3c4a02edp-03},     // 2^-30.0
	{"Sigmoid.Deriv", 0x1.4c3ccc8cc70b2p-04, 0x1.ff28a5960044p-03},     // 2^-29.8
	{"Sigmoid.Deriv", 0x1.50c24c5f70795p+03, 0x1.c321d9f690e4p-16},     // 2^-29.8
	{"Sigmoid.Deriv", -0x1.fb6eb47275402p-02, 0x1.e1cfb9828b817p-03},   // 2^-29.5
	{"Sigmoid.Deriv", -0x1.b57434dc3b5dbp+06, 0x1.2a8db0d214e6ep-158},  // 2^-29.4
	{"Sigmoid.Deriv", -0x1.06ed918bc45dcp-06, 0x1.fff78fbea9b52p-03},   // 2^-29.2
	{"Sigmoid.Deriv", -0x1.24055e0e0ca2ap-10, 0x1.fffff5971e2ecp-03},   // 2^-28.5
	{"Sigmoid.Deriv", 0x1.fa7c828207676p-10, 0x1.ffffe0af7dc32p-03},    // 2^-28.4
	{"Sigmoid.Deriv", 0x1.fbdff6d4f2679p+04, 0x1.273bf5938b3bfp-46},    // 2^-28.4
	{"Sigmoid.Deriv", 0x1.8cb8de39dc48cp-03, 0x1.fb3a0d4dc9eefp-03},    // 2^-28.2
	{"Sigmoid.Deriv", -0x1.82055cb199cdp-10, 0x1.ffffedcf5f113p-03},    // 2^-28.1
	{"Sigmoid.Deriv", 0x1.a61f48942e944p-08, 0x1.fffea3fb0a273p-03},    // 2^-28.0
	{"Sigmoid.Deriv", -0x1.0543dd47ad6d6p+08, 0x1.0d801014f69bdp-377},  // 2^-28.0
	{"Sigmoid.Deriv", -0x1.da8665b85fb4p+00, 0x1.dfa71c3802319p-04},    // 2^-28.0
	{"Sigmoid.Deriv", 0x1.c62cc7ef67512p-06, 0x1.ffe6d2bc6a8a6p-03},    // 2^-28.0
	{"Sigmoid.Deriv", 0x1.e0795f70d70fcp+05, 0x1.46ebbc9edf4a6p-87},    // 2^-27.8
	{"Sigmoid.Deriv", 0x1.486e23bc5ba03p-04, 0x1.ff2d8c87eec45p-03},    // 2^-27.7
	{"Sigmoid.Deriv", -0x1.5e97ccebd8c1bp-09, 0x1.ffffc3fb96e5bp-03},   // 2^-27.7
	{"Tanh.Value", -0x1.acbc7c168b24p+02, -0x1.ffff9a1e2b2fap-01},      // 2^-32.8
	{"Tanh.Value", -0x1.c0df61a39a621p+02, -0x1.ffffc9b2bc443p-01},     // 2^-31.9
	{"Tanh.Value", -0x1.a9fe7b40d654ep-08, -0x1.a9fcf210464c3p-08},     // 2^-31.3
	{"Tanh.Value", 0x1.15425270b24f1p-11, 0x1.154250bf11ddbp-11},       // 2^-30.9
	{"Tanh.Value", 0x1.847bda8ebf789p-07, 0x1.847731cc228d1p-07},       // 2^-29.3
	{"Tanh.Value", 0x1.323afdeb7c778p-09, 0x1.323ad96765542p-09},       // 2^-29.3
	{"Tanh.Value", 0x1.b71b76a6f9aa5p-10, 0x1.b71b5bbcccff8p-10},       // 2^-28.3
	{"Tanh.Value", -0x1.1a51ad6fe729ap+04, -0x1.ffffffffffff7p-01},     // 2^-28.0
	{"Tanh.Value", -0x1.66410f3f9b278p-03, -0x1.62a4e4e70b3a6p-03},     // 2^-27.6
	{"Tanh.Value", 0x1.a9fe8e1631053p-09, 0x1.a9fe2bc9ae517p-09},       // 2^-27.2
	{"Tanh.Value", 0x1.21fefbed7e772p-06, 0x1.21f73b79d9342p-06},       // 2^-27.1
	{"Tanh.Value", -0x1.30fc192ffc2b7p+04, -0x1.fffffffffffffp-01},     // 2^-27.0
	{"Tanh.Value", 0x1.6b66c319f8412p-10, 0x1.6b66b3d8746dep-10},       // 2^-27.0
	{"Tanh.Value", -0x1.712e0d975e7c7p-09, -0x1.712dcd9c3663ap-09},     // 2^-27.0
	{"Tanh.Value", 0x1.241bf83665e45p+04, 0x1.ffffffffffffep-01},       // 2^-26.9
	{"Tanh.Value", -0x1.7e89b87b7b5fcp-03, -0x1.7a268060fa07bp-03},     // 2^-26.9
	{"Tanh.Value", 0x1.40baa6928522ep-05, 0x1.4090b968ebec4p-05},       // 2^-26.6
	{"Tanh.Value", 0x1.160be0663c1bfp+04, 0x1.ffffffffffff2p-01},       // 2^-26.5
	{"Tanh.Value", 0x1.412516d122c46p-12, 0x1.41251628ac828p-12},       // 2^-26.4
	{"Tanh.Value", 0x1.8b5d23890398p-03, 0x1.868645c721c01p-03},        // 2^-26.2
	{"Tanh.Deriv", 0x1.e189e55607e8ap-12, 0x1.fffff8ec711c8p-01},       // 2^-29.8
	{"Tanh.Deriv", -0x1.46e00f6182468p-01, 0x1.5d3be43b5e6aap-01},      // 2^-29.8
	{"Tanh.Deriv", 0x1.99a825cb2e46dp+06, 0x1.68cd54fa78dfbp-294},      // 2^-29.2
	{"Tanh.Deriv", 0x1.c7e8b31abdd4ep-03, 0x1.e7714f7b29389p-01},       // 2^-29.1
	{"Tanh.Deriv", 0x1.3d49ef31084f6p-06, 0x1.ffcedb1f4fd21p-01},       // 2^-29.1
	{"Tanh.Deriv", 0x1.2f9a9ca7d5c46p-06, 0x1.ffd300b791354p-01},       // 2^-28.6
	{"Tanh.Deriv", -0x1.e8ecc15216fb3p+07, 0x1.8c55fd73e716p-704},      // 2^-27.6
	{"Tanh.Deriv", 0x1.6e8edd540aa3cp-11, 0x1.ffffef9919d5p-01},        // 2^-27.6
	{"Tanh.Deriv", 0x1.7257b61b05422p-05, 0x1.fef47c7faf8e9p-01},       // 2^-27.1
	{"Tanh.Deriv", 0x1.9e4b874af8848p+03, 0x1.8ff24c647f461p-36},       // 2^-26.9
	{"Tanh.Deriv", -0x1.3984383db6545p+05, 0x1.e5553eedae4e7p-112},     // 2^-26.9
	{"Tanh.Deriv", -0x1.1ee58c3923b2fp-11, 0x1.fffff5f3d2889p-01},      // 2^-26.9
	{"Tanh.Deriv", 0x1.217530315c216p+03, 0x1.ddba49b7d8fefp-25},       // 2^-26.8
	{"Tanh.Deriv", 0x1.a781f074c75f4p-08, 0x1.fffa86cca75fp-01},        // 2^-26.8
	{"Tanh.Deriv", -0x1.da87ad99e29dfp-11, 0x1.ffffe4832b45ap-01},      // 2^-26.8
	{"Tanh.Deriv", 0x1.92fe0b3e33044p+01, 0x1.e12a84094526ap-08},       // 2^-26.6
	{"Tanh.Deriv", 0x1.a4b8d3875fadfp-02, 0x1.b2714525ab1bdp-01},       // 2^-26.6
	{"Tanh.Deriv", 0x1.1d3b49f787d99p-05, 0x1.ff613a5277d8bp-01},       // 2^-26.4
	{"Tanh.Deriv", -0x1.2f1d3597312f1p-09, 0x1.ffff4c8d15d57p-01},      // 2^-26.4
	{"Tanh.Deriv", 0x1.17fa7ad8a5a71p-07, 0x1.fff66e7f1e433p-01},       // 2^-26.4
	{"Sigmoid.Deriv2", 0x1.b96265fb872b8p-14, -0x1.b96265e0313d3p-17},  // 2^-31.7, as tanh″ at z/2
	{"Sigmoid.Deriv2", 0x1.c14e1059bae8ep+02, -0x1.d2c4c4661aa9cp-11},  // 2^-27.6
	{"Sigmoid.Deriv2", 0x1.bb7d141dfd877p-01, -0x1.5c320a14e07d6p-04},  // 2^-26.1
	{"Sigmoid.Deriv2", -0x1.ea76bd06d77f9p+02, 0x1.eb8d5771add86p-12},  // 2^-26.1
	{"Sigmoid.Deriv2", -0x1.4ed4aaf0db7d8p+06, 0x1.2d5bf570081c9p-121}, // 2^-25.8
	{"Sigmoid.Deriv2", -0x1.e5436be6351ecp+07, 0x1.f0c8b17e1da8cp-351}, // 2^-25.3
	{"Sigmoid.Deriv2", -0x1.2d43a76d13b7bp-08, 0x1.2d431c5aa3d7cp-11},  // 2^-25.1
	{"Tanh.Deriv2", 0x1.b96265fb872b8p-15, -0x1.b96265e0313d3p-14},     // 2^-31.7
	{"Tanh.Deriv2", -0x1.e3fb4a8c675e4p+03, 0x1.489662cb7f06p-41},      // 2^-27.6
	{"Tanh.Deriv2", -0x1.8ba4b065bc0d8p-06, 0x1.8b55fa659ea8fp-05},     // 2^-26.5
	{"Tanh.Deriv2", -0x1.5ebf0163bc666p-11, 0x1.5ebef3ac32f25p-10},     // 2^-26.4
	{"Tanh.Deriv2", -0x1.799704920b041p+00, 0x1.5caf5bf622565p-02},     // 2^-26.0
	{"Tanh.Deriv2", -0x1.a865ea4778107p-04, 0x1.a260d3b26ea0bp-03},     // 2^-25.7
	{"Softplus.Value", -0x1.0559c8a79f981p+01, 0x1.f3dbcf844f569p-04},  // 2^-30.8
	{"Softplus.Value", -0x1.9e5fd92bb9949p-01, 0x1.790e644bbf291p-02},  // 2^-29.6
	{"Softplus.Value", 0x1.bb1b74e41b37cp-05, 0x1.70ecf99877556p-01},   // 2^-29.0
	{"Softplus.Value", -0x1.a633afdf868bcp-12, 0x1.62c9cd62b943p-01},   // 2^-28.9
	{"Softplus.Value", -0x1.5914fa2fb8a0ap+08, 0x1.1c71420a6e992p-498}, // 2^-28.5
	{"Softplus.Value", 0x1.bb21741d83decp-01, 0x1.377c62266ebdbp+00},   // 2^-28.5
	{"Softplus.Value", -0x1.50677c909dfe1p+02, 0x1.54d91e495c8f3p-08},  // 2^-28.3
	{"Softplus.Value", 0x1.8a5a1dcb72d66p+02, 0x1.8a7ca06c60c5p+02},    // 2^-28.3
	{"Softplus.Value", 0x1.8469ca052753ep-01, 0x1.248a2c2c6e13cp+00},   // 2^-28.1
	{"Softplus.Value", 0x1.1c89f3c86437bp+03, 0x1.1c8b142284d68p+03},   // 2^-27.9
	{"Softplus.Value", 0x1.f6a8d2c8952bcp-02, 0x1.efd34bb6d6d05p-01},   // 2^-27.6
	{"Softplus.Value", -0x1.f5af4c2b73eap+04, 0x1.b2b2929335206p-46},   // 2^-27.5
	{"Softplus.Value", 0x1.b49d303896f65p-07, 0x1.665052f678905p-01},   // 2^-27.1
	{"Softplus.Value", -0x1.a704f66414cb8p+03, 0x1.e73e622997094p-20},  // 2^-27.0
	{"Softplus.Value", -0x1.703ac4409bc6bp+04, 0x1.bce4a92264f68p-34},  // 2^-26.7
	{"Softplus.Value", 0x1.d476e3bdb0ea8p-01, 0x1.40773d4bc271ap+00},   // 2^-26.6
	{"Softplus.Value", -0x1.2f737f4c855b1p+06, 0x1.779ea023b7ce5p-110}, // 2^-26.6
	{"Softplus.Value", 0x1.ed48fa7096c7bp+01, 0x1.eff85fe19dfbdp+01},   // 2^-26.6
	{"Softplus.Value", -0x1.5eebb17f54ccfp-01, 0x1.a1d9a94590d8dp-02},  // 2^-26.6
	{"Softplus.Value", -0x1.f7e1dd342e692p+01, 0x1.3ca6bc6d4a2fap-06},  // 2^-26.4
}

// misrounded counts the hard arguments of a function where f is wrong.
func misrounded(name string, f func(z float64) float64) (count int) {
	for _, h := range hard {
		if h.name == name && !same(f(h.z), h.y) {
			count++
		}
	}
	return count
}

func TestHard(t *testing.T) {
	for _, r := range roundeds {
		if n := misrounded(r.name, r.f); n > 0 {
			t.Errorf("%s misrounds %d hard arguments", r.name, n)
		}
	}
	for _, h := range hard {
		for _, r := range roundeds {
			if r.name != h.name {
				continue
			}
			if d := r.distance(h.z); nearest(r.truth, h.z) != h.y || d > 0x1p-19 {
				t.Errorf("%s(%x) is not the hard case that it is said to be, with %g ulp", h.name, h.z, d)
			}
			if _, ok := r.quick(h.z); ok {
				t.Errorf("%s(%x) counts as settled by the quick phase", h.name, h.z)
			}
		}
	}
}

// TestHardSeesErrors plants errors in the two phases.
func TestHardSeesErrors(t *testing.T) {
	for _, r := range roundeds {
		if n := misrounded(r.name, func(z float64) float64 { y, _ := r.quick(z); return y }); n == 0 {
			t.Errorf("%s: a missing fallback is not seen", r.name)
		}
	}
	type planted struct {
		name, what string
		f          func(z float64) float64
	}
	smallSigmoid := func(z float64) float64 {
		if q := round.Sigmoid(z); round.SettledWithin(q, 0x1p-110) {
			return q.Hi
		}
		return σ(z)
	}
	smallTanh := func(z float64) float64 {
		g := dd.Expm1Fast(2 * z)
		if q := g.Div(g.AddFloat(2)); round.SettledWithin(q, 0x1p-90) {
			return q.Hi
		}
		return activation.Tanh{}.Value(z)
	}
	noLow := func(z float64) float64 {
		m, k := dd.ExpFast(-z)
		return 1 / (1 + math.Ldexp(m.Hi, k))
	}
	for _, p := range []planted{
		{"Sigmoid.Value", "too small a bound", smallSigmoid},
		{"Tanh.Value", "too small a bound", smallTanh},
		{"Sigmoid.Value", "no low word", noLow},
		{"Sigmoid.Value", "the formula in two branches", plainSigmoid},
		{"Softplus.Value", "the plain formula", plainSoftplus},
		{"Tanh.Value", "math.Tanh", math.Tanh},
		{"Sigmoid.Deriv2", "−z/8", func(z float64) float64 { return -z / 8 }},
		{"Tanh.Deriv2", "−2·tanh·tanh′", func(z float64) float64 {
			return -2 * activation.Tanh{}.Value(z) * activation.Tanh{}.Deriv(z)
		}},
		{"Sigmoid.Deriv", "σ(z)·σ(−z)", func(z float64) float64 { return σ(z) * σ(-z) }},
		{"Tanh.Deriv", "4σ(2z)·σ(−2z)", func(z float64) float64 { return 4 * σ(2*z) * σ(-2*z) }},
	} {
		if misrounded(p.name, p.f) == 0 {
			t.Errorf("%s: %s is not seen", p.name, p.what)
		}
	}
}

// TestNoAllocations: the quick phases, which decide here, do not allocate.
func TestNoAllocations(t *testing.T) {
	for _, f := range []activation.Func2{activation.Sigmoid{}, activation.Tanh{}, activation.Softplus{}} {
		if n := testing.AllocsPerRun(100, func() {
			for _, z := range []float64{-745, -700, -30, -1.5, 0, 1e-9, 0.1, 3, 20, 40, 800, nan} {
				sink += f.Value(z) + f.Deriv(z) + f.Deriv2(z)
			}
		}); n != 0 {
			t.Errorf("%v: %v allocations", f, n)
		}
	}
}

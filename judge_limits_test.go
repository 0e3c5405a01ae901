package touchstone

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// What is allowed is u·Scale and U, times what is of higher order, and the smallest
// normal number unless it is exactly 0; and no bound holds where one of these is large.
func TestLimits(t *testing.T) {
	steep, kinks, rounded, all := 0, 0, 0, 0
	for _, c := range someCases() {
		right := rightPass(&c)
		last := c.Net.NumLayers() - 1
		for p := Float64; p <= Float16; p++ {
			m := newLimits(&c, right, p)
			under := newUnderflow(&c, right, formats[p])
			all++
			sum, kink := 0.0, -1
			for l := range c.Net.NumLayers() {
				f, width, worst := c.Net.Layer(l).Activation, c.Net.Layer(l).Width, 0.0
				for i := range c.X.Rows * width {
					z := c.Exact.Z[l][i/width][i%width]
					e := p.Unit()*c.Scale.Z[l][i/width][i%width] + under.z[l][i]
					worst = math.Max(worst, e)
					if f == (activation.ReLU{}) && z != "0" && math.Abs(z.Float64())/2 <= e+p.SmallestNormal() {
						kink = l
					}
				}
				linear := f == (activation.Identity{}) || f == (activation.ReLU{})
				if !linear || l == last && c.Loss != nil && c.Loss != (loss.Squared{}) {
					sum += worst + worst
				}
			}
			assert.InEpsilon(t, math.Exp(sum), m.growth, 1e-12, c.ID)
			assert.Equal(t, sum > 0.7, m.steep, c.ID)
			assert.Equal(t, kink, m.kink, c.ID)

			second, mayRound, K := 0.0, false, c.Net.Outputs()
			for i := range c.X.Rows * K {
				y := c.Exact.A[last][i/K][i%K].Float64()
				e := p.Unit()*c.Scale.A[last][i/K][i%K] + under.a[last][i]
				if c.Loss == (loss.CrossEntropy{}) {
					mayRound = mayRound || e+p.SmallestNormal() >= y*(1-y)/4
					e /= y * (1 - y)
				}
				if c.Loss != nil {
					second += e * e / meanOver(&c)
				}
			}
			assert.InDelta(t, second, m.second, 1e-12*second, c.ID)
			assert.Equal(t, mayRound, m.rounded, c.ID)
			steep += int(flag(m.steep))
			kinks += int(flag(kink >= 0))
			rounded += int(flag(mayRound))

			k := planted{}.claim(&c)
			for _, b := range blocks(&c, &k) {
				m.allow(&b)
				lost := under.of(&b)
				for i, e := range b.entries {
					want := (p.Unit()*e.scale+lost[i])*m.growth + p.SmallestNormal()*flag(e.want != "0") + second*flag(b.Stage == "loss")
					if math.IsInf(m.growth, 1) {
						continue // nothing holds
					}
					if !(math.Abs(e.bound-want) <= 1e-12*want) {
						t.Fatalf("%s: %s may err by %v, want %v", c.ID, b.name(i), e.bound, want)
					}
				}
				excused := sum > 0.7
				switch b.Stage {
				case "z":
					excused = excused && b.layer > 0
				case "a":
				case "loss":
					excused = excused || mayRound
				default:
					excused = excused || mayRound || b.layer <= kink
				}
				excused = excused || m.over.isBehind(&b)
				assert.Equal(t, excused, b.excused, "%s: %s", c.ID, b.Name)
				if b.Stage == "gradient" && b.Name != "dx" {
					from := len(c.Theta)
					for _, q := range paramBlocks(c.Net)[b.layer] {
						from = min(from, q.from)
					}
					for i := range b.entries {
						at := from + b.offset + i
						want := (p.Unit()*c.Scale.Grad[at]+lost[i])*m.growth + p.SmallestNormal()
						if got := m.gradient(b.layer, at, from, &c); !math.IsInf(m.growth, 1) && !(math.Abs(got-want) <= 1e-12*want) {
							t.Fatalf("%s: %s may err by %v, want %v", c.ID, b.name(i), got, want)
						}
					}
				}
			}
		}
	}
	t.Logf("of %d, %d are steep, %d have a kink, %d round to 1", all, steep, kinks, rounded)
	assert.Positive(t, steep)
	assert.Positive(t, kinks)
	assert.Positive(t, rounded)
}

// A product of two errors counts where both factors are near 0 by what they lost, as a
// residual beside a hidden unit may be.
func TestProductOfErrors(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 1, Activation: activation.Tanh{}}, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	u := Float32.Unit()
	// z0 is 1·1 − 1·1 + u²/4, and the residual is u²/4, too: each lost in float32.
	theta := []float64{1, -1, u * u / 4, 1}
	c, err := NewCase("near", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: theta,
		X: blas64.General{Rows: 1, Cols: 2, Stride: 2, Data: []float64{1, 1}}, T: blas64.General{Rows: 1, Cols: 1, Stride: 1, Data: []float64{0}}})
	require.NoError(t, err)
	m := newLimits(&c, rightPass(&c), Float32)
	last := len(theta) - 1
	errors := u * c.Scale.Delta[1][0][0] * u * c.Scale.A[0][0][0]
	assert.GreaterOrEqual(t, m.gradient(1, last, last, &c)-u*c.Scale.Grad[last]*m.growth, errors)
}

// meanOver returns by what a mean over the samples divides.
func meanOver(c *Case) float64 {
	if c.Sum || c.Loss == nil {
		return 1
	}
	return float64(c.X.Rows)
}

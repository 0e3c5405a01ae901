package loss_test

import (
	"math/big"

	"touchstone/internal/bigfloat"
)

// prec is enough for the differences below: of two losses around 2^10, taken at
// points 2^−60 apart, the 2^−1074 of a float64 derivative and 100 bits more.
const prec = 1300

// A definition is the formula of a loss, word for word, in exact arithmetic but
// for rounding to prec bits. It takes no care of cancellation: prec does.
type definition func(y, t []*big.Float) *big.Float

func number(x float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(x) }

func add(x, y *big.Float) *big.Float { return new(big.Float).SetPrec(prec).Add(x, y) }
func sub(x, y *big.Float) *big.Float { return new(big.Float).SetPrec(prec).Sub(x, y) }
func mul(x, y *big.Float) *big.Float { return new(big.Float).SetPrec(prec).Mul(x, y) }
func exp(x *big.Float) *big.Float    { return memo(exps, x, bigfloat.Exp) }
func log(x *big.Float) *big.Float    { return memo(logs, x, bigfloat.Log) }

// memo returns f(x) from the table, where it is for all but the first target.
func memo(table map[string]*big.Float, x *big.Float, f func(*big.Float, uint) *big.Float) *big.Float {
	key, err := x.GobEncode()
	if err != nil {
		panic(err)
	}
	v := table[string(key)]
	if v == nil {
		v = f(x, prec)
		table[string(key)] = v
	}
	return v
}

var exps, logs = map[string]*big.Float{}, map[string]*big.Float{}

// ½ Σ (yⱼ−tⱼ)²
func defineSquared(y, t []*big.Float) *big.Float {
	sum := number(0)
	for j := range y {
		d := sub(y[j], t[j])
		sum = add(sum, mul(d, d))
	}
	return mul(number(0.5), sum)
}

// −Σ [tⱼ log yⱼ + (1−tⱼ) log(1−yⱼ)]
func defineCrossEntropy(y, t []*big.Float) *big.Float {
	sum := number(0)
	for j := range y {
		sum = sub(sum, mul(t[j], log(y[j])))
		sum = sub(sum, mul(sub(number(1), t[j]), log(sub(number(1), y[j]))))
	}
	return sum
}

// Σ [log(1+e^yⱼ) − tⱼ yⱼ]
func defineLogitCrossEntropy(y, t []*big.Float) *big.Float {
	sum := number(0)
	for j := range y {
		sum = add(sum, sub(log(add(number(1), exp(y[j]))), mul(t[j], y[j])))
	}
	return sum
}

// Σ tⱼ (log Σₖ e^yₖ − yⱼ)
func defineSoftmaxCrossEntropy(y, t []*big.Float) *big.Float {
	z := number(0)
	for _, yk := range y {
		z = add(z, exp(yk))
	}
	sum := number(0)
	for j := range y {
		sum = add(sum, mul(t[j], sub(log(z), y[j])))
	}
	return sum
}

// A truth is the value of a loss and its gradient at one sample.
type truth struct {
	value *big.Float
	grad  []*big.Float
}

// evaluate returns the truth. It differentiates the definition numerically, and so
// knows nothing of the derivations in the package: with f(y±h), h = 2^−60·scale, the
// central difference is off by h²f‴/6, which is 2^−120 of f′ if scale is at most
// the distance over which f changes.
func evaluate(f definition, s sample, scale func(y float64) float64) truth {
	y, t := make([]*big.Float, len(s.y)), make([]*big.Float, len(s.y))
	for j := range y {
		y[j], t[j] = number(s.y[j]), number(s.t[j])
	}
	r := truth{value: f(y, t)}
	for j, yj := range y {
		h := number(scale(s.y[j]))
		h.SetMantExp(h, -60)
		y[j] = add(yj, h)
		up := f(y, t)
		y[j] = sub(yj, h)
		down := f(y, t)
		y[j] = yj
		d := sub(up, down)
		r.grad = append(r.grad, d.Quo(d, add(h, h)))
	}
	return r
}

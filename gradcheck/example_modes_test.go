package gradcheck_test

import (
	"fmt"
	"math"
	"math/big"

	"touchstone/gradcheck"
)

// A large X is checked along random directions, in some forty evaluations of the
// function, and one wrong element of 20,000 is found.
func ExampleCheck_directions() {
	x := make([]float64, 20_000)
	for i := range x {
		x[i] = 1 + float64(i%7)/8
	}
	p := gradcheck.Problem{
		Func: func(x []float64) float64 {
			sum := 0.0
			for _, v := range x {
				sum += v * v * v
			}
			return sum / float64(len(x))
		},
		Grad: func(grad, x []float64) {
			for i, v := range x {
				grad[i] = 3 * v * v / float64(len(x))
			}
		},
		X: x,
	}
	r, err := gradcheck.Check(p, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Verdict, r.Mode, r.Evaluations <= 100)

	right := p.Grad
	p.Grad = func(grad, x []float64) { right(grad, x); grad[12345] = 0 }
	r, err = gradcheck.Check(p, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range r.Entries {
		if e.Verdict == gradcheck.Fail {
			fmt.Println(r.Verdict, e.Name)
		}
	}
	// Output:
	// PASS directions true
	// FAIL x[12345]
}

// The function is 1 in float64, and its differences say nothing of a derivative of
// 1e-20. With the function in math/big as well, it shows that the gradient is twice
// that.
func ExampleCheck_certified() {
	p := gradcheck.Problem{
		Func: func(x []float64) float64 { return math.Sqrt(1 + x[0]*x[0]) },
		Grad: func(grad, x []float64) {
			grad[0] = 2 * x[0] / math.Sqrt(1+x[0]*x[0])
		},
		X: []float64{1e-20},
	}
	floats, err := gradcheck.Check(p, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	p.Big = func(x []*big.Float, prec uint) *big.Float {
		sum := new(big.Float).SetPrec(prec).Mul(x[0], x[0])
		return sum.Sqrt(sum.Add(sum, big.NewFloat(1)))
	}
	certified, err := gradcheck.Check(p, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(floats.Mode, floats.Verdict)
	fmt.Println(certified.Mode, certified.Verdict, certified.Entries[0].Numeric)
	// Output:
	// entries INCONCLUSIVE
	// certified FAIL 1e-20
}

// A Hessian-vector product is compared with differences of the gradient. This one
// has forgotten the mixed derivatives in its second component.
func ExampleCheck_hessVec() {
	r, err := gradcheck.Check(gradcheck.Problem{
		Func: func(x []float64) float64 { return x[0] * x[0] * x[1] },
		Grad: func(grad, x []float64) {
			grad[0] = 2 * x[0] * x[1]
			grad[1] = x[0] * x[0]
		},
		HessVec: func(dst, x, v []float64) {
			dst[0] = 2*x[1]*v[0] + 2*x[0]*v[1]
			dst[1] = 0
		},
		X: []float64{1.5, -0.5},
	}, &gradcheck.Settings{PerBlock: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range r.Entries {
		fmt.Println(e.Name, e.Verdict)
	}
	for _, e := range r.Second {
		fmt.Println(e.Name, e.Verdict)
	}
	// Output:
	// x[0] PASS
	// x[1] PASS
	// (H·v0) x[0] PASS
	// (H·v0) x[1] FAIL
}

// Blocks give names to the elements of X, and the report a cause to each block that
// fails. The numbers of a gradient that was written column by column are right, and
// in wrong places.
func ExampleCheck_blocks() {
	// ½‖Wa + b‖² with a W of 2 × 3.
	a := []float64{1, -2, 0.5}
	output := func(x []float64) (y [2]float64) {
		for j := range y {
			y[j] = x[6+j]
			for k := range a {
				y[j] += x[3*j+k] * a[k]
			}
		}
		return y
	}
	r, err := gradcheck.Check(gradcheck.Problem{
		Func: func(x []float64) float64 {
			y := output(x)
			return (y[0]*y[0] + y[1]*y[1]) / 2
		},
		Grad: func(grad, x []float64) {
			for j, y := range output(x) {
				for k := range a {
					grad[2*k+j] = y * a[k] // 3*j+k would be right
				}
				grad[6+j] = y
			}
		},
		X: []float64{0.3, -0.1, 0.7, 0.2, 0.9, -0.4, 0.05, 1.1},
		Blocks: []gradcheck.Block{
			{Name: "W", Rows: 2, Cols: 3},
			{Name: "b", Offset: 6, Rows: 2},
		},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range r.Blocks {
		fmt.Println(b.Name, b.Verdict)
		for _, c := range b.Causes {
			fmt.Println("  likely:", c.Kind)
		}
	}
	// Output:
	// W FAIL
	//   likely: transpose
	// b PASS
}

package touchstone

import "fmt"

// samples adds mistakes in which sample counts.
func samples(c *Case, add adder) {
	n := c.X.Rows
	if n < 2 || n > 64 {
		return
	}
	both := func(text string, of func(s int) float64) {
		add("MISSING", text, variant{of: of})
		add("MISSING", text, variant{of: of, silent: true})
	}
	is := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	for m := range n {
		name := fmt.Sprintf("sample %d", m)
		if m == n-1 {
			name = "the last sample"
		}
		both("the gradient of "+name+" is missing", func(s int) float64 { return is(s != m) })
		both("only "+name+" contributes to the gradient", func(s int) float64 { return is(s == m) })
		both("only "+name+" contributes to the gradient, as if it were all", func(s int) float64 { return is(s == m) * float64(n) })
		add("MISSING", "only "+name+" contributes to the gradient of the biases", variant{bias: func(s int) float64 { return is(s == m) }})
		add("MISSING", "only "+name+" contributes to the gradient of the biases, as if it were all", variant{bias: func(s int) float64 { return is(s == m) * float64(n) }})
		add("MISSING", name+" does not contribute to the gradient of the biases", variant{bias: func(s int) float64 { return is(s != m) }})
	}
	for m := 2; m < n-1; m++ {
		both(fmt.Sprintf("only the first %d samples contribute to the gradient", m), func(s int) float64 { return is(s < m) })
		both(fmt.Sprintf("only the first %d samples contribute to the gradient, as if they were all", m), func(s int) float64 { return is(s < m) * float64(n) / float64(m) })
	}
	add("REDUCTION", "the gradient of the biases is a sum, that of the weights a mean", variant{bias: func(int) float64 { return float64(n) }})
	add("REDUCTION", "the gradient of the biases was divided by the number of samples once too often", variant{bias: func(int) float64 { return 1 / float64(n) }})
}

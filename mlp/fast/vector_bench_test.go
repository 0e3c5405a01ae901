package fast

import (
	"fmt"
	"testing"
)

// BenchmarkUnits is the functions of every vector unit, with and without derivative, for
// a small layer and for a large one.
func BenchmarkUnits(b *testing.B) {
	for _, u := range units() {
		for _, n := range []int{1, 10, 16, 1024} {
			z, bias := normal(newRand(1), 1, n).Data, make([]float64, n)
			a, first := make([]float64, n), make([]float64, n)
			run := func(what string, f func()) {
				b.Run(fmt.Sprintf("%s/%s/%d", u.name, what, n), func(b *testing.B) {
					b.ReportMetric(fastest(b, f)/float64(n)*1e9, "best-ns/element")
				})
			}
			run("sigmoid", func() { u.sigmoid(a, first, z, bias) })
			run("sigmoid-value", func() { u.sigmoid(a, nil, z, bias) })
			run("tanh", func() { u.tanh(a, first, z, bias) })
			run("tanh-value", func() { u.tanh(a, nil, z, bias) })
			run("times", func() { u.times(a, bias) })
		}
	}
}

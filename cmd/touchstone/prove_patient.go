package main

import (
	"fmt"
	"slices"

	"touchstone/mlp"
)

// patient runs the three-layer patient network forward, backward and through
// training by mini-batches.
func (p *proof) patient() {
	c := mustCase("patient-single")
	o := c.Objective()
	grad := make([]float64, c.Net.NumParams())
	value := o.Func(c.Theta)
	o.Grad(grad, c.Theta)
	tr := o.Trace()
	p.section("3. The three-layer patient network, " + c.Net.String())
	p.printf("age 45, heart rate 80, cholesterol 200, standardised: %v; label 1\n\n", c.X.Data)
	p.printf("hidden layer   a = %.6f\n", tr.A[1].Data)
	p.printf("probability    y = %.16f   exact %s\n", tr.A[2].Data[0], exactDigits(c.Exact.A[1][0][0])[:20])
	p.printf("loss           E = %.16f   exact %s\n", value, exactDigits(c.Exact.Loss)[:20])
	p.printf("output delta  δ¹ = %.16f   exact %s\n", tr.Delta[1].Data[0], exactDigits(c.Exact.Delta[1][0][0])[:20])
	p.printf("hidden delta  δ⁰ = %.6f\n", tr.Delta[0].Data)
	e := max(worst(grad, c.Exact.Grad), worst(tr.DX.Data, c.Exact.DX[0]), c.Exact.A[1][0][0].Error(tr.A[2].Data[0]))
	p.claim(e < 1e-14, fmt.Sprintf("patient: probability, %d gradients, 3 input gradients", len(grad)), values{"relative_error": number(e), "limit": 1e-14}, "relative error %.1e", e)

	cohort := mustCase("patient-cohort")
	o, theta, run := cohort.Objective(), slices.Clone(cohort.Theta), cohort.Training
	p.printf("\nTrained on %d invented patients in mini-batches of %d (the last is ragged), rate %v:\n",
		cohort.X.Rows, run.Batch, run.Rate)
	p.printf("%8s  %-20s %s\n", "epoch", "loss", "exact loss")
	p.printf("%8d  %-20.16f %s\n", 0, o.Func(theta), exactDigits(cohort.Exact.Loss)[:20])
	e = 0
	milestones := run.Milestones
	err := mlp.SGD{
		Rate: run.Rate, Batch: run.Batch, NoShuffle: true,
		Epochs: milestones[len(milestones)-1].Epoch,
		OnEpoch: func(epoch mlp.Epoch) {
			if epoch.Number != milestones[0].Epoch {
				return
			}
			p.printf("%8d  %-20.16f %s\n", epoch.Number, epoch.Loss, exactDigits(milestones[0].Loss)[:20])
			e = max(e, worst(theta, milestones[0].Theta))
			if len(milestones) > 1 {
				milestones = milestones[1:]
			}
		},
	}.Train(theta, o)
	if err != nil {
		p.claim(false, "patient: training", nil, "%v", err)
		return
	}
	p.claim(e < 1e-13, "patient: mini-batch training follows the exact weights", values{"relative_error": number(e), "limit": 1e-13}, "relative error %.1e", e)
	p.gradcheck("the trained patient network", o, theta)
}

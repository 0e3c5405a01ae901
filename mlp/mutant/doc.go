// Package mutant is a catalogue of wrong gradients, to score gradient checkers with.
//
// Each Mutant has the contract of mlp.Objective's Grad, and a bug in it: one that was
// seen in public, with its source, or one like them. The function stays right. A
// checker is good if it rejects the mutants and accepts the right gradient, and that
// can be counted:
//
//	check := func(p mutant.Problem) mutant.Answer { … }
//	tables, err := mutant.Score(mutant.Problems(1, 100), check)
//	tables[0].Kills(0).KillRate() // of all that is wrong
//	tables[0].FalseAlarms()
//
// Whether a mutant is wrong at all in a given network is not asked of any checker: a
// transposed weight matrix does no harm in a network of one layer. Package exact
// decides, see Effect.
//
// The rules of known checkers are in rules_test.go, and
//
//	go test ./mlp/mutant -run TestKillTable -v
//
// prints how they do: on 14 networks, or with TOUCHSTONE_LONG=1 on 200.
//
//	go test ./mlp/mutant -run TestDiagnosis -v
//
// prints how often gradcheck names the mistake.
//
// # How a mutant is made
//
// pass.go is textbook backpropagation, a second time, with its steps as functions
// and a hook after each of them. The files bugs_*.go hold the catalogue by type. A
// bug replaces a step or spoils what one has left, in a line or a few.
//
// Some bugs do not show in what one call returns: gradients that are added to,
// remembered, or bought with a change of θ. They are wrong, too, and only a checker
// that calls twice and looks at its arguments sees them.
package mutant

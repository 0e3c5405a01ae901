// Package samebits holds tests and no code: that packages activation, loss, mlp and
// mlp/exact give the same bits on every platform.
//
// TestSameBits evaluates all of them at stored inputs: those of the golden vectors and
// those in testdata, which were drawn once. (Inputs from a seed and a formula would be
// the same everywhere only if the formula were.) The results, as text, make a SHA-256
// for each part and one for all, and testdata/hashes has what they must be. So whoever
// changes a bit sees a red test, on whatever machine. .ci/arch runs it on many.
//
//	go test ./internal/samebits -v
//
// prints the hashes, and
//
//	go test ./internal/samebits -lines FILE
//
// writes what is hashed to a file, a line for each result: diff shows where two
// platforms part.
//
// The sign and the payload of a NaN are left to the processor, and not hashed: a NaN is
// a NaN. Of a ball of mlp/exact all is hashed, the Radius and the Scale too: they come
// from arithmetic that is the same everywhere, though only what they promise is a
// promise to users.
//
// TestMachine asks whether a platform has the arithmetic of IEEE 754 in the first place.
// What Go does without a floating-point unit (GOARM=5, GO386=softfloat) has not, as of Go
// 1.26: golang/go#79964.
//
// The tests need nothing but the standard library and the packages they test, so that
// they compile quickly for a platform that nothing was compiled for before.
package samebits

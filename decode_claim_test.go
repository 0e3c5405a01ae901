package touchstone

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/internal/strictjson"
)

// A claim has a case, or all of a network of its own.
func TestDecodeClaimRefuses(t *testing.T) {
	const own = `{"schema":"touchstone-claim-1","net":{"inputs":1,"layers":[{"width":1,"activation":"identity","bias":false}]},` +
		`"loss":"squared","theta":[1],"x":[[1]],"t":[[2]],"claim":{"loss":0.5}}`
	_, _, err := DecodeClaim("f", []byte(own))
	require.NoError(t, err)
	for _, b := range []struct{ from, to, want string }{
		{`"net":{"inputs":1,"layers":[{"width":1,"activation":"identity","bias":false}]},`, ``, `f: has no field "case", and no "net" instead`},
		{`"theta":[1],`, ``, `f: has no field "theta"`},
		{`"x":[[1]],`, ``, `f: has no field "x"`},
		{`"t":[[2]],`, ``, `f: has no field "t" with targets, and no "dy" instead`},
		{`"t":[[2]]`, `"dy":[[2]]`, `f: a loss goes with "t", and the loss "none" with "dy"`},
		{`"squared"`, `"none"`, `f: a loss goes with "t", and the loss "none" with "dy"`},
		{`"loss":"squared",`, ``, `f: has no field "loss"`},
		{`"loss":"squared",`, `"loss":"none","reduction":"mean",`, `f: a loss goes with "t", and the loss "none" with "dy"`},
		{`"loss":"squared","theta":[1],"x":[[1]],"t"`, `"loss":"none","reduction":"mean","theta":[1],"x":[[1]],"dy"`,
			`f: has the loss "none", which is a sum over the samples: leave out the reduction, or want "sum"`},
		{`"x"`, `"case":"mazur","x"`, `f: has a case and also a network of its own: leave out one of them`},
		{`"theta":[1]`, `"theta":[1,2]`, `f: theta: has 2 values, 1 more than the layers of the network take`},
		{`"claim":{"loss":0.5}`, `"claim":{"dx":[[1,2]]}`, `f: claim.dx: is 1 × 2, not 1 × 1`},
		{`"claim":{"loss":0.5}`, `"claim":{"z":[[[1]],[[1]]]}`, `f: claim.z: has 2 layers, want 1`},
		{`"claim":{"loss":0.5}`, `"claim":{"a":[[[1],[1]]]}`, `f: claim.a[0]: is 2 × 1, not 1 × 1`},
		{`"claim":{"loss":0.5}`, `"claim":{"grad":[1,2]}`, `f: claim.grad: has 2 values, want 1, one for each parameter`},
		{`"claim":{"loss":0.5}`, `"claim":{}`, `f: claim: claims nothing: want a loss, grad, z, a, delta, dx or after`},
		// What is wrong first is said.
		{`"claim":{"loss":0.5}`, `"claim":{"dx":[[1,2]],"delta":[[[1,2]]],"z":[[[1]],[[1]]]}`, `f: claim.z: has 2 layers, want 1`},
	} {
		require.Contains(t, own, b.from)
		_, _, err := DecodeClaim("f", []byte(strings.Replace(own, b.from, b.to, 1)))
		assert.EqualError(t, err, b.want)
	}
	// Who claims theta after a step says of which length, 0 too.
	after := strings.Replace(own, `{"loss":0.5}`, `{"after":[1]}`, 1)
	_, _, err = DecodeClaim("f", []byte(after))
	assert.EqualError(t, err, `f: claims theta after a step, and has no field "rate"`)
	_, _, err = DecodeClaim("f", []byte(strings.Replace(after, `"theta"`, `"rate":0,"theta"`, 1)))
	assert.NoError(t, err)
	for _, reduction := range []string{``, `"reduction":"sum",`} {
		none := strings.Replace(strings.Replace(own, `"squared",`, `"none",`+reduction, 1), `"t"`, `"dy"`, 1)
		c, _, err := DecodeClaim("f", []byte(none))
		require.NoError(t, err)
		assert.Nil(t, c.Loss)
	}
	for _, alone := range []string{`"theta":[1]`, `"x":[[1]]`, `"t":[[1]]`, `"loss":"squared"`, `"loss":"none"`, `"reduction":"mean"`, `"l2":0`, `"rate":0`} {
		_, _, err := DecodeClaim("f", []byte(`{"schema":"touchstone-claim-1","case":"mazur",`+alone+`,"claim":{"loss":1}}`))
		assert.EqualError(t, err, `f: has a case and also a network of its own: leave out one of them`)
	}
}

// As much as is allowed is read, and no more.
func TestDecodeLimits(t *testing.T) {
	pad := func(data string, size int) []byte {
		padded := bytes.Repeat([]byte(" "), size)
		copy(padded, data)
		return padded
	}
	const claim = `{"schema":"touchstone-claim-1","case":"mazur","claim":{"loss":1}}`
	large := pad(claim, MaxClaimFile+1)
	_, _, err := DecodeClaim("f", large[:MaxClaimFile])
	assert.NoError(t, err)
	_, _, err = DecodeClaim("f", large)
	assert.EqualError(t, err, "f: is larger than 16 MiB: claim fewer layers, or of fewer samples")
	large = pad(valid, MaxVectorFile+1)
	_, _, err = DecodeVectors("f", large[:MaxVectorFile])
	assert.NoError(t, err)
	_, _, err = DecodeVectors("f", large)
	assert.EqualError(t, err, "f: is larger than 16 MiB")

	many := func(text string, n int) string { return strings.TrimSuffix(strings.Repeat(text+",", n), ",") }
	layer := func(width int) string {
		return fmt.Sprintf(`{"width":%d,"activation":"relu","bias":false}`, width)
	}
	read := func(inputs, samples, params, outputs int, layers string) error {
		row := func(n int) string { return "[" + many("0", n) + "]" }
		f := &claimFile{decoder: decoder{name: "f"}} // of which nothing is computed
		return strictjson.Read([]byte(fmt.Sprintf(`{"schema":"touchstone-claim-1","net":{"inputs":%d,"layers":[%s]},"loss":"squared","theta":[%s],"x":[%s],"t":[%s],"claim":{"loss":1}}`,
			inputs, layers, many("0", params), many(row(inputs), samples), many(row(outputs), samples))), f.read)
	}
	const units = 1 << 9 // and as many samples
	assert.NoError(t, read(1, units, 2*(units-1), 1, layer(units-1)+","+layer(1)))
	assert.ErrorContains(t, read(1, units, 2*units, 1, layer(units)+","+layer(1)), "which is too much to compute exactly")
	assert.NoError(t, read(8, 1<<10, 16*64, 8, many(layer(8), 16)))
	assert.ErrorContains(t, read(8, 1<<10, 16*64+32, 8, many(layer(8), 14)+","+layer(10)+","+layer(8)), "which is too much to compute exactly")
}

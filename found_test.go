package touchstone_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
)

// Claims that a review found judged wrongly.
func TestJudgeFound(t *testing.T) {
	judge := func(text string) *touchstone.Verdict {
		c, claim, err := touchstone.DecodeClaim("claim.json", []byte(text))
		require.NoError(t, err)
		return touchstone.Judge(c, claim)
	}
	// In float16 the z of this rectifier underflows to 0, where ReLU′ is 0.
	v := judge(`{"schema":"touchstone-claim-1","precision":"float16",
	 "net":{"inputs":1,"layers":[{"width":1,"activation":"relu","bias":false}]},"loss":"squared",
	 "theta":[1e-4],"x":[[1e-4]],"t":[[1]],
	 "claim":{"loss":0.5,"z":[[[0]]],"a":[[[0]]],"delta":[[[0]]],"grad":[0]}}`)
	assert.Equal(t, touchstone.Inconclusive, v.Outcome)

	// A z that is off by a few bits says nothing of derivatives, nor of float32.
	v = judge(`{"schema":"touchstone-claim-1",
	 "net":{"inputs":1,"layers":[{"width":1,"activation":"sigmoid","bias":false}]},"loss":"squared",
	 "theta":[0.5],"x":[[1]],"t":[[1]],"claim":{"z":[[[0.5000000000000007]]]}}`)
	assert.Equal(t, touchstone.Fail, v.Outcome)
	assert.Nil(t, v.Cause, "%v", v.Cause)
}

// saturated is a claim file of one unit with z = −z, and what is claimed of it.
func saturated(activation, z, claim string) string {
	return `{"schema":"touchstone-claim-1","rate":0.5,
	 "net":{"inputs":1,"layers":[{"width":1,"activation":"` + activation + `","bias":false}]},"loss":"squared",
	 "theta":[-` + z + `],"x":[[1]],"t":[[1]],"claim":{` + claim + `}}`
}

// A unit may be as saturated as it likes.
func TestJudgeFarOut(t *testing.T) {
	for _, f := range []string{"sigmoid", "softplus"} {
		for _, z := range []string{"1e5", "1e6", "1e7", "3e7", "1e9"} {
			legal := z == "1e5" || z == "1e6"
			for claim, outcome := range map[string]touchstone.Outcome{
				`"z":[[[-` + z + `]]]`:               touchstone.Pass,
				`"z":[[[` + z + `]]]`:                touchstone.Fail,
				`"loss":0.5`:                         touchstone.Pass,
				`"loss":0.25`:                        touchstone.Fail,
				`"a":[[[0]]]`:                        touchstone.Inconclusive,
				`"loss":0.5,"grad":[0],"after":[-1]`: touchstone.Fail,
				`"delta":[[[1]]]`:                    touchstone.Fail,
			} {
				c, k, err := touchstone.DecodeClaim("claim.json", []byte(saturated(f, z, claim)))
				if !legal && (k.Grad != nil || k.A != nil || k.Delta != nil || err != nil) {
					assert.ErrorContains(t, err, "has a value below 1e-999999", "%s of -%s: %s", f, z, claim)
					assert.NotContains(t, claim, `"z"`)
					assert.NotEqual(t, `"loss":0.5`, claim)
					continue
				}
				require.NoError(t, err)
				assert.Equal(t, outcome, touchstone.Judge(c, k).Outcome, "%s of -%s: %s", f, z, claim)
			}
		}
	}
}

// What nobody claimed needs no value: here the loss is that of the probability 2.
func TestJudgeIgnoresWhatIsNotClaimed(t *testing.T) {
	file := func(claim string) []byte {
		return []byte(`{"schema":"touchstone-claim-1",
		 "net":{"inputs":1,"layers":[{"width":1,"activation":"identity","bias":false}]},"loss":"cross-entropy",
		 "theta":[2],"x":[[1]],"t":[[1]],"claim":{` + claim + `}}`)
	}
	for claim, outcome := range map[string]touchstone.Outcome{`"z":[[[2]]]`: touchstone.Pass, `"z":[[[2.5]]]`: touchstone.Fail} {
		c, k, err := touchstone.DecodeClaim("claim.json", file(claim))
		require.NoError(t, err)
		assert.Equal(t, outcome, touchstone.Judge(c, k).Outcome)
	}
	for _, claim := range []string{`"loss":1`, `"z":[[[2]]],"grad":[1]`} {
		_, _, err := touchstone.DecodeClaim("claim.json", file(claim))
		assert.ErrorContains(t, err, "has a value that is not finite")
	}
}

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

package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProve(t *testing.T) {
	var out bytes.Buffer
	err := prove(&output{w: &out})
	t.Log(out.String())
	require.NoError(t, err)
	for _, want := range []string{
		"z = 49, p = 1",
		"5.242885663363479e-22",
		"-1.2369532535596039e-41",
		"0 failed",
	} {
		assert.Contains(t, out.String(), want)
	}
	assert.NotContains(t, out.String(), "FAIL  ")
}

// One claim that does not hold fails the proof.
func TestProofFails(t *testing.T) {
	var out bytes.Buffer
	p := &proof{out: &output{w: &out}}
	p.claim(true, "a right one", nil, "1")
	p.claim(false, "a wrong one", nil, "2")
	assert.ErrorIs(t, p.table(), errProof)
	assert.Contains(t, out.String(), "FAIL  a wrong one")
	assert.Contains(t, out.String(), "1 passed, 1 failed")
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestProveReportsWriteErrors(t *testing.T) {
	assert.EqualError(t, prove(&output{w: brokenPipe{}}), "broken pipe")
	assert.False(t, strings.Contains(errProof.Error(), "\n"))
}

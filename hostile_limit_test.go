package touchstone

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// limit is the memory, in KiB, that a process may have which decodes the corpus, and the
// largest claims that are not refused.
const limit = 1 << 20

// TestHostileMemory decodes in a process that the system gives no more than that.
func TestHostileMemory(t *testing.T) {
	if runtime.GOOS != "linux" || isRace() || testing.Short() {
		t.Skip("needs Linux, no memory of a race detector's size, and time")
	}
	out, err := limited("^TestHostile$|^TestLargestClaim$")
	assert.NoError(t, err, "%s", out)
	assert.Contains(t, out, "--- PASS: TestLargestClaim")

	out, err = limited("^TestWastefulChild$")
	assert.Error(t, err)
	assert.Contains(t, out, "=== RUN   TestWastefulChild")
	assert.Regexp(t, "out of memory|cannot allocate memory|SIGSEGV", out) // as Go's runtime dies of it, in the allocator or the collector
	assert.NotContains(t, out, "PASS")
}

// limited runs tests of this program in another process.
func limited(tests string) (out string, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	cmd := exec.Command("sh", "-c", fmt.Sprintf(`ulimit -d %d && exec "$0" -test.v -test.run "$1"`, limit), self, tests)
	cmd.Env = append(os.Environ(), "TOUCHSTONE_CHILD=1")
	data, err := cmd.CombinedOutput()
	return string(data), err
}

func isRace() bool {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "-race" && s.Value == "true" {
			return true
		}
	}
	return false
}

// TestLargestClaim decodes claims of as many parameters and of as many samples as are
// allowed: a sixty-fourth of them, unless TOUCHSTONE_LONG is set.
func TestLargestClaim(t *testing.T) {
	if os.Getenv("TOUCHSTONE_CHILD") == "" {
		t.Skip("is run by TestHostileMemory")
	}
	size := maxWork / 64
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		size = maxWork
	}
	many := func(text string, n int) string { return strings.TrimSuffix(strings.Repeat(text+",", n), ",") }
	const form = `{"schema": "touchstone-claim-1", "net": {"inputs": %d, "layers": [{"width": %d, "activation": "sigmoid", "bias": false}]},
		"loss": "squared", "theta": [%s], "x": [%s], "t": [%s], "claim": {"loss": 1}}`
	width := size / 1024
	for _, text := range []string{
		fmt.Sprintf(form, 1024, width, many("0.25", size), "["+many("-0.5", 1024)+"]", "["+many("1", width)+"]"),
		fmt.Sprintf(form, 1, 1, "0.5", many("[3]", size/4), many("[1]", size/4)),
	} {
		_, _, err := DecodeClaim("in", []byte(text))
		require.NoError(t, err)
	}
}

// TestWastefulChild takes half as much again as it may.
func TestWastefulChild(t *testing.T) {
	if os.Getenv("TOUCHSTONE_CHILD") == "" {
		t.Skip("is run by TestHostileMemory")
	}
	waste = make([]byte, limit<<10+limit<<9)
	for i := range waste {
		waste[i] = 1
	}
}

var waste []byte

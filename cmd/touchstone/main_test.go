package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patients is invented.
const patients = `age,max_heart_rate,cholesterol,disease
31,188,181,0
34,195,240,0
38,176,197,0
42,181,222,0
46,169,205,0
49,174,263,0
52,161,189,0
50,138,275,1
55,131,248,1
58,142,301,1
61,120,229,1
66,126,284,1
`

// command runs a command line in the current directory.
func command(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(args, &out, &err)
	return code, out.String(), err.String()
}

// inDirWith makes a new directory with the given file the current one.
func inDirWith(t *testing.T, name, content string) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile(name, []byte(content), 0o644))
}

// files lists the current directory, hidden files included.
func files(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWrongCommandLine(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	for _, test := range []struct{ args, want string }{
		{"tarin", `unknown command "tarin", did you mean train? See touchstone help`},
		{"-x", `unknown command "-x"; see touchstone help`},
		{"help tarin", `unknown command "tarin", did you mean train? See touchstone help`},
		{"help train now", `help: unexpected argument "now"; see touchstone help help`},
		{"prove it", `prove: unexpected argument "it"; see touchstone help prove`},
		{"prove -x", `prove: flag provided but not defined: -x; see touchstone help prove`},
		{"predict", `predict: -model is missing; see touchstone help predict`},
		{"predict -model m", `predict: -data is missing; see touchstone help predict`},
		{"train", `train: -data is missing; see touchstone help train`},
		{"train -data data.csv", `train: -target is missing; see touchstone help train`},
		{"TRAIN extra", `train: unexpected argument "extra"; see touchstone help train`},
		{"TRAIN -data", `train: flag needs an argument: -data; see touchstone help train`},
		{"TRAIN -depth 3", `train: flag provided but not defined: -depth; see touchstone help train`},
		{"TRAIN -hidden 4,", `train: -hidden "4,": want whole numbers from 1 on, as in 8,4; see touchstone help train`},
		{"TRAIN -hidden 0", `train: -hidden "0": want whole numbers from 1 on, as in 8,4; see touchstone help train`},
		{"TRAIN -hidden " + strconv.Itoa(math.MaxInt), `train: the network has more than 1048576 parameters; see touchstone help train`},
		{"TRAIN -hidden 1024,1024", `train: the network has more than 1048576 parameters; see touchstone help train`},
		{"TRAIN -activation step", `train: -activation "step": want one of sigmoid, tanh, relu, softplus; see touchstone help train`},
		{"TRAIN -activation identity", `train: -activation "identity": want one of sigmoid, tanh, relu, softplus; see touchstone help train`},
		{"TRAIN -epochs 0", `train: -epochs 0: want at least 1; see touchstone help train`},
		{"TRAIN -epochs many", `train: invalid value "many" for flag -epochs: parse error; see touchstone help train`},
		{"TRAIN -rate 0", `train: -rate 0: want a finite number above 0; see touchstone help train`},
		{"TRAIN -rate NaN", `train: -rate NaN: want a finite number above 0; see touchstone help train`},
		{"TRAIN -rate Inf", `train: -rate +Inf: want a finite number above 0; see touchstone help train`},
		{"TRAIN -batch -1", `train: -batch -1: want at least 0; see touchstone help train`},
		{"TRAIN -seed -1", `train: invalid value "-1" for flag -seed: parse error; see touchstone help train`},
		{"TRAIN -lambda -1", `train: -lambda -1: want a finite number, at least 0; see touchstone help train`},
		{"TRAIN -lambda NaN", `train: -lambda NaN: want a finite number, at least 0; see touchstone help train`},
		{"TRAIN -save data.csv", `train: -save would overwrite -data; see touchstone help train`},
	} {
		t.Run(test.args, func(t *testing.T) {
			args := strings.ReplaceAll(test.args, "TRAIN", "train -data data.csv -target disease")
			code, stdout, stderr := command(strings.Fields(args)...)
			assert.Equal(t, 2, code)
			assert.Equal(t, "touchstone: "+test.want+"\n", stderr)
			assert.Empty(t, stdout)
			assert.Equal(t, []string{"data.csv"}, files(t))
		})
	}
}

// After -- there are no flags, and every name is that of a file.
func TestNoFlagsAfterDashes(t *testing.T) {
	for args, want := range map[string][]string{
		"-- -a.npz -b.npz -h": {"-a.npz", "-b.npz", "-h"},
		"a -f x -- -b -- c":   {"a", "-b", "--", "c"},
		"a b -f x c -f y":     {"a", "b", "c"},
		"a --":                {"a"},
	} {
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		fs.String("f", "", "")
		got, helped, err := parseArgs(fs, strings.Fields(args), "", io.Discard)
		require.NoError(t, err)
		assert.False(t, helped)
		assert.Equal(t, want, got, args)
	}
}

func TestHelp(t *testing.T) {
	for _, test := range []struct {
		args string
		want []string
	}{
		{"help", []string{"exit codes:", "touchstone predict"}},
		{"-h", []string{"exit codes:"}},
		{"--help", []string{"exit codes:"}},
		{"help help", []string{"exit codes:"}},
		{"help -h", []string{"exit codes:"}},
		{"help prove", []string{"examples:\n\n  touchstone prove\n"}},
		{"help train", []string{"examples:\n\n  touchstone train -data", "-lambda", `(default "sigmoid")`}},
		{"train -h", []string{"examples:\n\n  touchstone train -data"}},
		{"predict --help", []string{"examples:\n\n  touchstone predict -model", "-data file"}},
	} {
		t.Run(test.args, func(t *testing.T) {
			code, stdout, stderr := command(strings.Fields(test.args)...)
			assert.Equal(t, 0, code)
			assert.Empty(t, stderr)
			for _, want := range test.want {
				assert.Contains(t, stdout, want)
			}
		})
	}
}

// Without a command the library proves itself.
func TestNoCommand(t *testing.T) {
	code, stdout, stderr := command()
	assert.Equal(t, 0, code)
	assert.Empty(t, stderr)
	_, want, _ := command("prove")
	assert.Equal(t, want, stdout)
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// A result that could not be written is not a success.
func TestOutputFails(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	require.Zero(t, run(strings.Fields("train -data data.csv -target disease -epochs 1 -save model.json"), &bytes.Buffer{}, &bytes.Buffer{}))
	require.NoError(t, os.WriteFile("wrong.json", []byte(strings.Replace(ownClaim, "0.125", "0.5", 1)), 0o644))
	require.NoError(t, os.WriteFile("claim.json", []byte(ownClaim), 0o644))
	for _, args := range []string{
		"help",
		"verify claim.json",
		"verify wrong.json",
		"verify -json wrong.json",
		"generate -net 2-1 -out -",
		"train -data data.csv -target disease -epochs 1",
		"predict -model model.json -data data.csv",
	} {
		var stderr bytes.Buffer
		assert.Equal(t, 3, run(strings.Fields(args), fullDisk{}, &stderr), args)
		assert.Equal(t, "touchstone: writing the output: no space left on device\n", stderr.String(), args)
	}
}

// Neither is a file that could not be: it is not what the claim is said to be, either.
func TestFileFails(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no device that is full")
	}
	inDirWithAll(t)
	require.NoError(t, os.WriteFile("wrong.json", []byte(strings.Replace(ownClaim, "0.125", "0.5", 1)), 0o644))
	for _, args := range []string{
		"verify -html /dev/full claim.json",
		"verify -html /dev/full wrong.json",
		"verify -json -html /dev/full claim.json",
		"report -html /dev/full gradcheck.json",
		"generate -net 2-1 -out /dev/full",
		"export -case mazur -out /dev/full",
		"train -data data.csv -target disease -epochs 1 -save /dev/full",
		"train -data data.csv -target disease -epochs 1 -plot /dev/full",
		"train -data data.csv -target disease -epochs 1 -plot missing/plot",
	} {
		code, _, stderr := command(strings.Fields(args)...)
		assert.Equal(t, 3, code, args)
		assert.Regexp(t, "^touchstone: cannot save (/dev/full: no space left on device|missing/plot: no such file or directory)\n$", stderr, args)
	}
}

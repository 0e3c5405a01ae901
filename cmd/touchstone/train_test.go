package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// trainOn splits a line of flags and trains on data.csv.
func trainOn(flags string) (code int, stdout, stderr string) {
	return command(append(strings.Fields("train -data data.csv -target disease"), strings.Fields(flags)...)...)
}

func TestTrain(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	code, stdout, stderr := trainOn("-hidden 3,2 -activation tanh -epochs 20 -rate 0.25 -batch 5 -seed 7 -lambda 0.001 -save model.json")
	require.Equal(t, 0, code, stderr)
	assert.Empty(t, stderr)
	assert.NotContains(t, stdout, "\r", "progress for a terminal, in a pipe")
	lines := strings.Split(stdout, "\n")
	assert.Equal(t, []string{
		`data      data.csv: 12 rows, 5 with "disease" = 1`,
		`features  "age", "max_heart_rate", "cholesterol", standardised`,
		`network   3-3-2-1, 23 parameters: tanh in hidden layers, identity output, logit-cross-entropy`,
		`training  -hidden 3,2 -activation tanh -epochs 20 -rate 0.25 -batch 5 -seed 7 -lambda 0.001`,
	}, lines[:4])
	for i, epoch := range []string{"2", "4", "6", "8", "10", "12", "14", "16", "18", "20"} {
		assert.Regexp(t, `^epoch +`+epoch+`/20  loss \d\.\d+$`, lines[4+i])
	}
	assert.Regexp(t, `^accuracy \d\.\d{4} \(\d+ of 12 rows\), mean log-loss \d\.\d{6}$`, lines[14])
	assert.Contains(t, lines[15], "gradcheck: PASS: 23 entries")
	assert.Equal(t, []string{"saved model.json", ""}, lines[16:])
	assert.Equal(t, []string{"data.csv", "model.json"}, files(t))

	// The flags it prints repeat it, to the bit.
	first, err := os.ReadFile("model.json")
	require.NoError(t, err)
	_, again, _ := trainOn(strings.TrimPrefix(lines[3], "training  ") + " -save again.json")
	assert.Equal(t, strings.Replace(stdout, "model.json", "again.json", 1), again)
	second, err := os.ReadFile("again.json")
	require.NoError(t, err)
	assert.Equal(t, string(first), string(second))
}

// The defaults separate what can be separated.
func TestTrainLearns(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	code, stdout, stderr := trainOn("")
	require.Equal(t, 0, code, stderr)
	assert.Contains(t, stdout, "accuracy 1.0000 (12 of 12 rows)")
	assert.NotContains(t, stdout, "saved")
	assert.Equal(t, []string{"data.csv"}, files(t))
}

func TestTrainWithoutHiddenLayer(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	code, stdout, stderr := command("train", "-data", "data.csv", "-target", "disease", "-hidden", "", "-epochs", "5")
	require.Equal(t, 0, code, stderr)
	assert.Contains(t, stdout, "network   3-1, 4 parameters: identity output, logit-cross-entropy\n")
	assert.Contains(t, stdout, `training  -hidden "" -activation sigmoid `)
}

// Training that diverges says so and leaves an old model alone.
func TestTrainDiverges(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	require.NoError(t, os.WriteFile("model.json", []byte("old"), 0o644))
	code, stdout, stderr := trainOn("-activation relu -rate 1e200 -save model.json")
	assert.Equal(t, 1, code)
	assert.Regexp(t, `^touchstone: mlp: training diverged: .* after epoch \d+; a lower learning rate may help\n$`, stderr)
	assert.NotContains(t, stdout, "accuracy")
	old, err := os.ReadFile("model.json")
	require.NoError(t, err)
	assert.Equal(t, "old", string(old))
	assert.Equal(t, []string{"data.csv", "model.json"}, files(t))
}

// Where the model cannot be saved, nothing is trained.
func TestCannotSave(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	require.NoError(t, os.Mkdir("dir", 0o755))
	require.NoError(t, os.Symlink("dir", "link"))
	for _, test := range []struct{ path, want string }{
		{"missing/model.json", "cannot save missing/model.json: no such file or directory"},
		{"data.csv/model.json", "cannot save data.csv/model.json: not a directory"},
		{"dir", "cannot save dir: it is there and not a file"},
		{"link", "cannot save link: it is there and not a file"},
	} {
		code, stdout, stderr := trainOn("-save " + test.path)
		assert.Equal(t, 3, code, test.path)
		assert.Equal(t, "touchstone: "+test.want+"\n", stderr)
		assert.Empty(t, stdout)
		assert.Equal(t, []string{"data.csv", "dir", "link"}, files(t))
	}

	// The data are not overwritten through a link, either.
	require.NoError(t, os.Symlink("data.csv", "data"))
	code, _, stderr := trainOn("-save data")
	assert.Equal(t, 2, code)
	assert.Equal(t, "touchstone: train: -save would overwrite -data; see touchstone help train\n", stderr)
}

// A network and a table that each fit memory may not do so together.
func TestTooManyActivations(t *testing.T) {
	inDirWith(t, "data.csv", "a,disease\n"+strings.Repeat("1,0\n2,1\n", 500))
	code, _, stderr := trainOn("-hidden 100000")
	assert.Equal(t, 2, code)
	assert.Equal(t, "touchstone: train: 1000 rows times 100001 neurons is more than 67108864; see touchstone help train\n", stderr)
}

package main

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVersion(t *testing.T) {
	code, stdout, stderr := command("version")
	assert.Zero(t, code)
	assert.Empty(t, stderr)
	assert.Regexp(t, `^touchstone \S+\n(revision .*\n)?`+runtime.Version()+` `+runtime.GOOS+`/`+runtime.GOARCH+`\n$`, stdout)
	for _, flag := range []string{"-version", "--version"} {
		_, again, _ := command(flag)
		assert.Equal(t, stdout, again)
	}
}

func TestVersionOfBuild(t *testing.T) {
	assert.Equal(t, "(devel)", newVersionJSON(nil).Version)
	assert.Equal(t, "(devel)", newVersionJSON(&debug.BuildInfo{}).Version)
	info := &debug.BuildInfo{
		Main: debug.Module{Path: "example.org/touchstone", Version: "v1.2.3"},
		Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123abcd"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"},
		},
	}
	v := newVersionJSON(info)
	assert.Equal(t, "example.org/touchstone v1.2.3", v.Module+" "+v.Version)
	assert.Equal(t, "0123abcd 2026-01-02T03:04:05Z", v.Revision+" "+v.Time)
	assert.True(t, v.Modified)
}

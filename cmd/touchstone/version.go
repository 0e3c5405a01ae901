package main

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
)

const versionUsage = `usage: touchstone version [flags]

Prints the version of the module, "(devel)" if it was built from a directory that
nobody tagged; the revision, if the build knows it; and the Go that built it, for
which platform.

-json prints an object with format ("touchstone-version-1"), module, version,
revision and time (both "" if unknown), modified (whether the directory had changes
since the revision), go, os and arch.

example:

  touchstone version

flags:

`

// A versionJSON is what version -json prints.
type versionJSON struct {
	Format   string `json:"format"`
	Module   string `json:"module"`
	Version  string `json:"version"`
	Revision string `json:"revision"`
	Time     string `json:"time"`
	Modified bool   `json:"modified"`
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

func version(args []string, out *output) error {
	fs := flag.NewFlagSet("version", flag.ContinueOnError)
	asJSON := fs.Bool("json", false, "print one JSON document instead of text")
	helped, err := parseFlags(fs, args, versionUsage, out)
	if helped || err != nil {
		return err
	}
	info, _ := debug.ReadBuildInfo()
	v := newVersionJSON(info)
	if *asJSON {
		return printDocument(out, v)
	}
	fmt.Fprintf(out, "%s %s\n", v.Module, v.Version)
	if v.Revision != "" {
		modified := ""
		if v.Modified {
			modified = ", modified"
		}
		fmt.Fprintf(out, "revision %s of %s%s\n", v.Revision, v.Time, modified)
	}
	fmt.Fprintf(out, "%s %s/%s\n", v.Go, v.OS, v.Arch)
	return nil
}

// newVersionJSON reads what the build says of itself, nil if it says nothing.
func newVersionJSON(info *debug.BuildInfo) *versionJSON {
	v := &versionJSON{
		Format: "touchstone-version-1", Module: "touchstone", Version: "(devel)",
		Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
	}
	if info == nil {
		return v
	}
	if info.Main.Path != "" {
		v.Module = info.Main.Path
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

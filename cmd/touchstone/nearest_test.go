package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNearest(t *testing.T) {
	for typed, want := range map[string]string{
		"tarin": "train", "trian": "train", "prdict": "predict", "verfiy": "verify", "proof": "prove", "helpp": "help",
		"h": "", "x": "", "": "", "run": "", "-x": "", "compile": "", strings.Repeat("train", 1000): "",
	} {
		got, ok := nearest(typed, []string{"prove", "train", "predict", "verify", "help"})
		assert.Equal(t, want, got, typed)
		assert.Equal(t, want != "", ok, typed)
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"kitten", "sitting", 3}, {"ab", "ba", 2}, {"verify", "erify", 1}} {
		assert.Equal(t, test.want, distance(test.a, test.b), "%s %s", test.a, test.b)
	}
}

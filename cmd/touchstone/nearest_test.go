package main

import (
	"slices"
	"strings"
	"testing"
	"time"

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

// What is as long as a file may be is compared with no word.
func TestNearestOfLong(t *testing.T) {
	long := strings.Repeat("x", 16<<20)
	began := time.Now()
	_, ok := nearest(long, slices.Repeat([]string{"a word of some length"}, 300))
	assert.False(t, ok)
	_, ok = nearest("train", []string{long})
	assert.False(t, ok)
	assert.Less(t, time.Since(began), time.Second)        // it was minutes
	meant, ok := nearest("ab", []string{"abc", "b", "a"}) // of two letters one may not be wrong
	assert.False(t, ok, meant)
	meant, ok = nearest("abcd", []string{"abc", "abcde", "abcx"})
	assert.True(t, ok)
	assert.Equal(t, "abc", meant)
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"kitten", "sitting", 3}, {"ab", "ba", 2}, {"verify", "erify", 1}} {
		assert.Equal(t, test.want, distance(test.a, test.b), "%s %s", test.a, test.b)
	}
}

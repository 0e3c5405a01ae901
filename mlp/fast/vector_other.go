//go:build !amd64 || purego

package fast

func units() []unit { return []unit{goUnit} }

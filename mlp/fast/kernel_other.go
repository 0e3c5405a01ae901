//go:build (!amd64 && !arm64) || purego

package fast

func kernels() []kernel { return []kernel{generic} }

//go:build !amd64 || purego

package fast

func kernels() []kernel { return []kernel{generic} }

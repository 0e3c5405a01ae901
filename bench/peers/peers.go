package main

import (
	"os"
	"strconv"
	"strings"
)

// list returns the peers for a number of threads. Each is given it in all the ways that
// one of them listens to.
func list(self, python, script, dir string, threads int) []*peer {
	n := strconv.Itoa(threads)
	env := []string{
		"GOMAXPROCS=" + n, "OPENBLAS_NUM_THREADS=" + n, "BLIS_NUM_THREADS=" + n, "OMP_NUM_THREADS=" + n, "MKL_NUM_THREADS=" + n,
	}
	// Left to themselves, older libraries take a newer processor for one without AVX-512.
	best := env
	if hasAVX512() {
		best = append(env[:len(env):len(env)], "OPENBLAS_CORETYPE=SKYLAKEX", "BLIS_ARCH_TYPE=skx")
	}
	inGo := func(arguments ...string) []string { return append([]string{self, "-work"}, arguments...) }
	inPython := func(name string) []string { return []string{python, script, name, n, dir} }
	peers := []*peer{
		{name: "limit", command: inGo("limit"), env: env},
		{name: "fast", command: inGo("fast"), env: env},
		{name: "gonum", ours: true, command: inGo("gonum"), env: env},
		{name: "OpenBLAS", ours: true, wants: "libopenblas-dev", command: inGo("libopenblas.so.0"), env: best},
		{name: "BLIS", ours: true, wants: "libblis-dev", command: inGo("libblis.so.4"), env: best},
		{name: "NumPy", wants: "python3-numpy", command: inPython("numpy"), env: best},
		{name: "PyTorch", wants: "python3-torch", command: inPython("torch"), env: best},
		{name: "scikit-learn", wants: "python3-sklearn", command: inPython("sklearn"), env: best},
	}
	if len(best) > len(env) {
		peers = append(peers,
			&peer{name: "OpenBLAS, unforced", ours: true, wants: "libopenblas-dev", command: inGo("libopenblas.so.0"), env: env},
			&peer{name: "BLIS, unforced", ours: true, wants: "libblis-dev", command: inGo("libblis.so.4"), env: env})
	}
	if threads == 1 {
		peers = append(peers, &peer{name: "FANN", wants: "libfann-dev", command: inGo("fann"), env: env})
	}
	for _, p := range peers {
		p.threads = threads
	}
	return peers
}

// hasAVX512 reports what the operating system says.
func hasAVX512() bool {
	info, _ := os.ReadFile("/proc/cpuinfo")
	return strings.Contains(string(info), " avx512f")
}

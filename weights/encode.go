package weights

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/mlp"
)

// EncodeNetwork returns a NPZ file of the parameters of a network, in float64: W0, b0, W1,
// …, each W with a row for each neuron; activations, a list of their names; and what else
// is given. A layer without biases has no b. The same arguments give the same bytes.
//
// It panics if theta does not have NumParams elements, or a tensor not as many as its
// shape says, or the name of another one in the file.
func EncodeNetwork(n *mlp.Net, theta []float64, more ...Tensor) []byte {
	a := newArchive()
	a.params("", n, theta)
	a.activations(n)
	for _, t := range more {
		if size, ok := count(t.Shape); !ok || size != len(t.Data) {
			panic("weights: EncodeNetwork: length of a tensor is not that of its shape")
		}
		if a.names[t.Name] {
			panic("weights: EncodeNetwork: name of a tensor is taken")
		}
		a.numbers(t.Name, t.Data, t.Shape...)
	}
	return a.finish()
}

// An archive is a NPZ file in the making.
type archive struct {
	b     bytes.Buffer
	zip   *zip.Writer
	names map[string]bool // of the arrays so far
}

func newArchive() *archive {
	a := &archive{names: map[string]bool{}}
	a.zip = zip.NewWriter(&a.b)
	return a
}

func (a *archive) finish() []byte {
	must(a.zip.Close())
	return a.b.Bytes()
}

// must is for what writes to memory: the names and sizes of an archive are ours.
func must(err error) {
	if err != nil {
		panic("weights: an archive in memory cannot be written")
	}
}

// array adds an array of the type that NumPy calls descr, with its elements row by row.
func (a *archive) array(name, descr string, shape []int, data []byte) {
	a.names[name] = true
	// Not compressed, as that has other bytes in other versions of Go, and without a time.
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: zip.Store})
	must(err)
	_, err = w.Write(npyFile(descr, shape, data))
	must(err)
}

// numbers adds an array of float64. No dimensions are a single number.
func (a *archive) numbers(name string, v []float64, shape ...int) {
	data := make([]byte, 0, 8*len(v))
	for _, x := range v {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
	}
	a.array(name, "<f8", shape, data)
}

func (a *archive) matrix(name string, m blas64.General) {
	var v []float64
	for s := range m.Rows {
		v = append(v, m.Data[s*m.Stride:][:m.Cols]...)
	}
	a.numbers(name, v, m.Rows, m.Cols)
}

// texts adds an array of strings, or, of no dimensions, a single one: four bytes for
// each character, and zeros after the shorter ones.
func (a *archive) texts(name string, list []string, shape ...int) {
	width := 1
	for _, s := range list {
		width = max(width, utf8.RuneCountInString(s))
	}
	var data []byte
	for i, s := range list {
		for _, c := range s {
			data = binary.LittleEndian.AppendUint32(data, uint32(c))
		}
		data = append(data, make([]byte, 4*width*(i+1)-len(data))...)
	}
	a.array(name, fmt.Sprintf("<U%d", width), shape, data)
}

func (a *archive) activations(n *mlp.Net) {
	names := make([]string, n.NumLayers())
	for l := range names {
		names[l] = n.Layer(l).Activation.String()
	}
	a.texts("activations", names, len(names))
}

// params adds what is in the order of θ, with a prefix to W and b.
func (a *archive) params(prefix string, n *mlp.Net, theta []float64) {
	for l := range n.NumLayers() {
		a.matrix(fmt.Sprintf("%sW%d", prefix, l), n.Weights(theta, l))
		if b := n.Biases(theta, l); b != nil {
			a.numbers(fmt.Sprintf("%sb%d", prefix, l), b, len(b))
		}
	}
}

// npyFile returns a NPY file of version 1.0. The numbers begin at a multiple of 64.
func npyFile(descr string, shape []int, data []byte) []byte {
	var dims strings.Builder
	for i, d := range shape {
		if i > 0 {
			dims.WriteString(" ")
		}
		fmt.Fprintf(&dims, "%d,", d)
	}
	tuple := dims.String()
	if len(shape) > 1 {
		tuple = strings.TrimSuffix(tuple, ",")
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, tuple)
	const before = len(npyMagic) + 4
	header += strings.Repeat(" ", 63-(before+len(header))%64) + "\n"
	f := []byte(npyMagic + "\x01\x00")
	f = binary.LittleEndian.AppendUint16(f, uint16(len(header)))
	return append(append(f, header...), data...)
}

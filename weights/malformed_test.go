package weights

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// npy returns a NPY file of version 1.0 with the given header, as it is, and n bytes.
func npy(header string, n int) []byte {
	f := binary.LittleEndian.AppendUint16([]byte(npyMagic+"\x01\x00"), uint16(len(header)))
	return append(append(f, header...), make([]byte, n)...)
}

// version returns one of version 2.0 or 3.0.
func version(major byte, header string, n int) []byte {
	f := binary.LittleEndian.AppendUint32([]byte(npyMagic+string(rune(major))+"\x00"), uint32(len(header)))
	return append(append(f, header...), make([]byte, n)...)
}

// dict returns a header.
func dict(descr, shape string) string {
	return fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n", descr, shape)
}

func byColumns(descr, shape string) string {
	return strings.Replace(dict(descr, shape), "False", "True", 1)
}

// malformedNPY are files that no NPY file may be, each with its error.
var malformedNPY = []struct {
	data []byte
	want string
}{
	{[]byte("\x93NUMPY"), "the NPY header is cut off"},
	{[]byte("\x93NUMPY\x01\x00\x00"), "the NPY header is cut off"},
	{[]byte("\x93NUMPY\x02\x00\x10\x00"), "the NPY header is cut off"},
	{[]byte("\x93NUMPY\x00\x00\x00\x00"), "the version of NPY is 0.0, want 1.0, 2.0 or 3.0"},
	{[]byte("\x93NUMPY\x04\x00\x00\x00"), "the version of NPY is 4.0, want 1.0, 2.0 or 3.0"},
	{[]byte("\x93NUMPY\x01\x01\x00\x00"), "the version of NPY is 1.1, want 1.0, 2.0 or 3.0"},
	{[]byte("\x93NUMPY\x01\x00\x76\x00{"), "the NPY header has 118 bytes, and 1 are there"},
	{[]byte("\x93NUMPY\x01\x00\xff\xff{"), "the NPY header has 65535 bytes, want at most 10000"},
	{[]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff{"), "the NPY header has 4294967295 bytes, want at most 10000"},
	{npy("", 0), `the NPY header: has "" where { should be`},
	{npy("{}", 0), "the NPY header: has no key 'descr'"},
	{npy("{'descr': '<f8', 'fortran_order': False}", 0), "the NPY header: has no key 'shape'"},
	{npy("{'descr': '<f8', 'shape': ()}", 8), "the NPY header: has no key 'fortran_order'"},
	{npy("{'descr': '<f8', 'fortran_order': False, 'shape': (), 'pickle': True}", 8), `the NPY header: has the key "pickle", want 'descr', 'fortran_order' and 'shape'`},
	{npy("{'shape': (), 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", 8), `the NPY header: has the key "shape" twice`},
	{npy("{'descr': '<f8', 'fortran_order': 0, 'shape': ()}", 8), `the NPY header: has "0, 'shape': ()}" where False should be`},
	{npy("{'descr': <f8, 'fortran_order': False, 'shape': ()}", 8), `the NPY header: has "<f8, 'fortran_order': False, 'shape': ()}" where a string should be`},
	{npy("{'descr': '<f8", 0), `the NPY header: has "<f8" where a string should end`},
	{npy(`{'descr': '\x3cf8', 'fortran_order': False, 'shape': ()}`, 8), `the NPY header: has "\\x3cf8', 'fortran_order': False, 'shape': ()}" where a string should end`},
	{npy(strings.Repeat("\x80", 100), 0), `the NPY header: has "` + strings.Repeat(`\x80`, 57) + `…" where { should be`},
	{npy("{'"+strings.Repeat("x", 57)+"ü': 1}", 0), `the NPY header: has the key "` + strings.Repeat("x", 57) + `ü", want 'descr', 'fortran_order' and 'shape'`},
	{npy("{'"+strings.Repeat("x", 59)+"ü': 1}", 0), `the NPY header: has the key "` + strings.Repeat("x", 59) + `…", want 'descr', 'fortran_order' and 'shape'`},
	{npy("{'descr': '<f8' 'fortran_order': False, 'shape': ()}", 8), `the NPY header: has "'fortran_order': False, 'shape': ()}" where } should be`},
	{npy("{'descr': '<f8', 'fortran_order': False, 'shape': ()} + x", 8), `the NPY header: goes on after its end with "+ x"`},
	{npy("{'descr': '<f8', 'fortran_order': False, 'shape': ()", 8), `the NPY header: has "" where } should be`},
	{npy(dict("<f8", "(3)"), 24), "the NPY header: has a number in brackets where a tuple should be"},
	{npy(dict("<f8", "3,"), 24), `the NPY header: has "3,, }\n" where ( should be`},
	{npy(dict("<f8", "(,)"), 8), `the NPY header: has ",), }\n" where a dimension should be`},
	{npy(dict("<f8", "(-1,)"), 8), `the NPY header: has "-1,), }\n" where a dimension should be`},
	{npy(dict("<f8", "(03, 4)"), 96), `the NPY header: has "03, 4), }\n" where a dimension should be`},
	{npy(dict("<f8", "(03L, 4L)"), 96), `the NPY header: has "03L, 4L), }\n" where a dimension should be`},
	{npy(dict("<f8", "(3LL, 4)"), 96), `the NPY header: has "L, 4), }\n" where ) should be`},
	{npy(dict("<f8", "(3l, 4l)"), 96), `the NPY header: has "l, 4l), }\n" where ) should be`},
	{npy(dict("<f8", "(3L)"), 24), "the NPY header: has a number in brackets where a tuple should be"},
	{version(3, dict("<f8", "(3L, 4L)"), 96), `the NPY header: has "L, 4L), }\n" where ) should be`},
	{npy(dict("<f8", "(1.0,)"), 8), `the NPY header: has ".0,), }\n" where ) should be`},
	{npy(dict("<f8", "(None,)"), 8), `the NPY header: has "None,), }\n" where a dimension should be`},
	{npy(dict("<f8", "(nan, 2)"), 8), `the NPY header: has "nan, 2), }\n" where a dimension should be`},
	{npy(dict("<f8", "(9223372036854775808,)"), 8), `the NPY header: has "9223372036854775808,), }\n" where a dimension should be`},
	{npy(dict("<f8", "(4294967296, 4294967296)"), 8), "the shape [4294967296 4294967296] has too many elements to count"},
	{npy(dict("<f8", "(2305843009213693952,)"), 0), "the shape [2305843009213693952] has too many elements to count"},
	{npy(dict("<f8", "(1000000000,)"), 8), "the shape [1000000000] of float64 takes 8000000000 bytes, and there are 8"},
	{npy(dict("<f8", "(2, 3)"), 47), "the shape [2 3] of float64 takes 48 bytes, and there are 47"},
	{npy(dict("<f8", "(2, 3)"), 49), "the shape [2 3] of float64 takes 48 bytes, and there are 49"},
	{npy(byColumns("<f8", "(3, 4)"), 80), "the shape [3 4] of float64 takes 96 bytes, and there are 80"},
	{append(npy(byColumns("<i8", "(2, 3)"), 24), "\x01\x00\x00\x00\x00\x00\x20\x00\x01\x00\x00\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00"...),
		"element 2 is 18014398509481985, which no float64 is"}, // the first row by row, and the second in the file
	{npy(dict(">f4", "(2, 3)"), 48), "the shape [2 3] of float32 takes 24 bytes, and there are 48"},
	{npy(dict("<f8", "()"), 0), "the shape [] of float64 takes 8 bytes, and there are 0"},
	{npy(dict("<f8", "(1, 1, 1)"), 8), "has 3 dimensions, and dense layers have two"},
	{npy(dict("|O", "(1,)"), 8), "holds Python objects, which are a program (pickle) and are not executed; save it as numbers"},
	{npy(dict("<f16", "(1,)"), 16), `the type "<f16" is not of real numbers of at most 64 bits; save it as float64`},
	{npy(dict("", "(1,)"), 8), `the type "" is not of real numbers of at most 64 bits; save it as float64`},
	{npy("{'descr': [('x', '|O')], 'fortran_order': False, 'shape': ()}", 8), "the NPY header: describes records of several fields, and weights are numbers"},
}

func TestMalformedNPY(t *testing.T) {
	for _, b := range malformedNPY {
		var s Set
		require.NoError(t, s.Decode("dir/w.npy", b.data))
		_, err := s.Tensor("w")
		assert.Equal(t, &Error{"dir/w.npy", "w", b.want}, err)
	}
	// What is right is read, whatever the order of the keys.
	var s Set
	require.NoError(t, s.Decode("w.npy", npy(`{"shape":(2,1),"fortran_order":True,"descr":">f8"}`, 16)))
	assert.Equal(t, []int{2, 1}, tensor(t, &s, "w").Shape)
	// What Python 2 wrote, too, as NumPy reads it.
	for _, data := range [][]byte{
		npy(dict("<f8", "(3L, 0L)"), 0), npy(dict("<f8", "(3 L,00)"), 0), version(2, dict("<f8", "(3L, 0)"), 0), version(3, dict("<f8", "(3, 0)"), 0),
	} {
		v, err := decodeNPY(data)
		require.NoError(t, err, "%q", data)
		assert.Equal(t, []int{3, 0}, v.Shape)
	}
}

// st returns a safetensors file with the given header and n bytes.
func st(header string, n int) []byte {
	f := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(f, header...), make([]byte, n)...)
}

var malformedSafetensors = []struct {
	data []byte
	want string
}{
	{[]byte("\x10\x00\x00\x00\x00\x00\x00\x00{"), "the header has 16 bytes, and 1 are there"},
	{[]byte("\xff\xff\xff\xff\xff\xff\xff\xff{}"), "the header has 18446744073709551615 bytes, want at most 1048576"},
	{[]byte("\x01\x00\x10\x00\x00\x00\x00\x00{}"), "the header has 1048577 bytes, want at most 1048576"},
	{st("{", 0), "the header: the JSON ends too early"},
	{st("{} {}", 0), "the header: there is more after the end of the value"},
	{st(`{"a": 1}`, 0), "the header: a: is the number 1, want an object"},
	{st(`{"a": {"dtype": "F32", "shape": [1]}}`, 0), `the header: a: has no field "data_offsets"`},
	{st(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4], "b": 1}}`, 4), "the header: a.b: unknown field"},
	{st(`{"a": {"dtype": "F32", "shape": [1], "shape": [1], "data_offsets": [0, 4]}}`, 4), "the header: a.shape: is there twice"},
	{st(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}`, 8), "the header: a: is there twice"},
	{st(`{"a": {"dtype": "F32", "shape": [NaN], "data_offsets": [0, 4]}}`, 4), "the header: a.shape[0]: is NaN or infinite at byte 33, and JSON has no such number"},
	{st(`{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}`, 4), "the header: a.shape[0]: is -1, want a whole number from 0 to 9223372036854775807"},
	{st(`{"a": {"dtype": "F32", "shape": [1.0], "data_offsets": [0, 4]}}`, 4), "the header: a.shape[0]: is 1.0, want a whole number from 0 to 9223372036854775807"},
	{st(`{"a": {"dtype": "F32", "shape": [null], "data_offsets": [0, 4]}}`, 4), "the header: a.shape[0]: is null, want a whole number"},
	{st(`{"a": {"dtype": "F32", "shape": [1`+strings.Repeat(",1", 40)+`], "data_offsets": [0, 4]}}`, 4), "the header: a.shape[32]: is one dimension more than 32"},
	{st(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0]}}`, 4), "the header: a.data_offsets: has 1 numbers, want 2"},
	{st(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4, 8]}}`, 4), "the header: a.data_offsets: has 3 numbers, want 2"},
	{st(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 18446744073709551620]}}`, 4), "the header: a.data_offsets[1]: is 18446744073709551620, want a whole number from 0 to 9223372036854775807"},
	{st(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}`, 0), `tensor "a" has the offsets 0 and 4, within 0 bytes`},
	{st(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}`, 4), `tensor "a" has the offsets 4 and 0, within 4 bytes`},
	{st(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}`, 8), "the tensors end at 4 of 8 bytes"},
	{st(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}`, 8), `tensor "a" begins at 4, and the bytes from 0 on belong to none`},
	{st(`{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}`, 8), `tensor "b" begins at 4, where another ends at 8`},
	{st(`{"b": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}`, 4), `tensor "a" begins at 0, where another ends at 4`},
	{st(`{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}`, 4), `tensor "a": the shape [2] of float32 takes 8 bytes, and there are 4`},
	{st(`{"a": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 4]}}`, 4), `tensor "a": the shape [4294967296 4294967296] has too many elements to count`},
	{st(`{"__metadata__": {"format": 1}}`, 0), "the header: __metadata__.format: is the number 1, want a string"},
	{st(`{"__metadata__": {"a": "1", "a": "1"}}`, 0), "the header: __metadata__.a: is there twice"},
	{st(`{"__metadata__": {"`+strings.Repeat("k", 120)+`": 1}}`, 0), "the header: __metadata__." + strings.Repeat("k", 100) + "…: is the number 1, want a string"},
	{st(`{"": {"dtype": "F32", "shape": [1], "data_offsets": [0]}}`, 0), `the header: "".data_offsets: has 1 numbers, want 2`},
	{[]byte("\x02\x00\x00\x00\x00\x00\x00\x00[]"), "is no safetensors, NPZ or NPY file; numpy.savez writes one of the arrays of any framework"},
	{[]byte("\x02\x00\x00"), "is no safetensors, NPZ or NPY file; numpy.savez writes one of the arrays of any framework"},
	{nil, "is no safetensors, NPZ or NPY file; numpy.savez writes one of the arrays of any framework"},
}

func TestMalformedSafetensors(t *testing.T) {
	for _, b := range malformedSafetensors {
		var s Set
		assert.Equal(t, &Error{"w", "", b.want}, s.Decode("w", b.data))
		assert.Empty(t, s.Names())
	}
	var header strings.Builder
	for i := range maxTensors + 1 {
		fmt.Fprintf(&header, `, "%d": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}`, i)
	}
	assert.EqualError(t, new(Set).Decode("w", st("{"+header.String()[1:]+"}", 0)), "w: the header: 4096: is one tensor more than 4096")

	// Names are any, those of the metadata, which is not read, and of the tensors.
	for _, name := range []string{"", strings.Repeat("x", 1000), "a.b\\n"} {
		var s Set
		require.NoError(t, s.Decode("w", st(fmt.Sprintf(`{"__metadata__": {"%s": ""}, "%[1]s": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}`, name), 8)))
		require.Len(t, s.Names(), 1)
		assert.Equal(t, []float64{0}, tensor(t, &s, s.Names()[0]).Data)
	}
	const start, end = `{"__metadata__": {"": "`, `"}}`
	full := start + strings.Repeat("x", maxSafetensorsHeader-len(start)-len(end)) + end
	assert.NoError(t, new(Set).Decode("w", st(full, 0)))
	assert.EqualError(t, new(Set).Decode("w", st(full+" ", 0)), "w: the header has 1048577 bytes, want at most 1048576")

	// Of a type that is not known the rest can be read, and itself not.
	var s Set
	require.NoError(t, s.Decode("w", st(`{"a": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [8, 12]}, "b": {"dtype": "F64", "shape": [], "data_offsets": [0, 8]}}  `, 12)))
	assert.Equal(t, []float64{0}, tensor(t, &s, "b").Data)
	_, err := s.Tensor("a")
	assert.EqualError(t, err, `w: tensor "a": the type "F8_E4M3" is not of real numbers of 8 to 64 bits; save it as F64`)
}

// zipped returns a zip archive of files with the given names and contents.
func zipped(t testing.TB, files ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		require.NoError(t, err)
		_, err = io.WriteString(w, files[i+1])
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// raw returns an archive of one file of the given header and packed bytes, as they are.
func raw(t testing.TB, h zip.FileHeader, packed []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h.CompressedSize64 = uint64(len(packed))
	w, err := z.CreateRaw(&h)
	require.NoError(t, err)
	_, err = w.Write(packed)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

// bomb returns an archive of one file of n zeros that declares another size.
func bomb(t testing.TB, n int, declared uint64) []byte {
	var packed bytes.Buffer
	f, err := flate.NewWriter(&packed, flate.BestSpeed)
	require.NoError(t, err)
	_, err = f.Write(make([]byte, n))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	return raw(t, zip.FileHeader{Name: "a.npy", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(make([]byte, n)),
		UncompressedSize64: declared}, packed.Bytes())
}

func TestMalformedNPZ(t *testing.T) {
	good := string(npy(dict("<f8", "()"), 8))
	whole := zipped(t, "a.npy", good)
	flipped := bytes.Clone(whole)
	flipped[40] ^= 0x55 // within the compressed array
	directory := bytes.Index(whole, []byte("PK\x01\x02"))
	unchecked := raw(t, zip.FileHeader{Name: "a.npy", UncompressedSize64: uint64(len(good))}, []byte(good))
	encrypted := bytes.Clone(whole)
	encrypted[directory+8] |= 1
	another := bytes.Clone(whole)
	another[len(another)-12]++ // how many files there are
	for _, b := range []struct {
		data     []byte
		want     string
		ofTensor bool
	}{
		{zipped(t), "is a zip archive without NPY files", false},
		{zipped(t, "archive/data.pkl", "x", "archive/data/0", "y"), "is a zip archive without NPY files; what torch.save wrote is read by torch.load alone: write its tensors with numpy.savez", false},
		{whole[:len(whole)-1], "the archive is cut off: no record of its end is there", false},
		{whole[:20], "the archive is cut off: no record of its end is there", false},
		{append(bytes.Clone(whole), 'x'), "the archive ends 1 bytes before the file does", false},
		{append(bytes.Clone(whole), make([]byte, 1<<20)...), "the archive ends 1048576 bytes before the file does", false},
		{commented(t, whole, "hello")[:len(whole)+3], "the archive is cut off: its comment has 5 bytes, and 3 are there", false},
		{append(commented(t, whole, "hello"), "PK"...), "the archive ends 2 bytes before the file does", false},
		{another, "the archive cannot be read: ", false},
		{zipped(t, "a.npy", good, "b.npy", good, "a.npy", good), `tensor "a": is there twice`, false},
		{zipped(t, "a.npy", "not an array"), "is no NPY file: it does not begin with \\x93NUMPY", true},
		{zipped(t, "a.npy", good[:70]), "takes 8 bytes, and there are", true},
		{flipped, "cannot be unzipped: ", true},
		{unchecked, "cannot be unzipped: zip: checksum error", true},
		{encrypted, "is encrypted", true},
		{bomb(t, 10, MaxFile+1), "has 67108865 bytes, more than 64 MiB", true},
		{bomb(t, 10, math.MaxUint64-1), "has 18446744073709551614 bytes, more than 64 MiB", true},
		{bomb(t, MaxFile+10, 100), "cannot be unzipped: zip: not a valid zip file", true},
		{bomb(t, 10, 100), "cannot be unzipped: unexpected EOF", true},
	} {
		var s Set
		err := s.Decode("w.npz", b.data)
		if b.ofTensor {
			require.NoError(t, err)
			_, err = s.Tensor("a")
			assert.ErrorContains(t, err, `w.npz: tensor "a": `)
		} else {
			assert.Empty(t, s.Names())
		}
		assert.ErrorAs(t, err, new(*Error))
		assert.ErrorContains(t, err, b.want)
	}

	// Other files in the archive are no matter.
	var s Set
	require.NoError(t, s.Decode("w.npz", zipped(t, "README", "x", "a.npy", good)))
	assert.Equal(t, []string{"a"}, s.Names())
}

// An archive of a few hundred KB whose arrays take long is refused before one is read;
// what is refused by itself does not count.
func TestLargeArchive(t *testing.T) {
	declaring := func(sizes ...uint64) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i, size := range sizes {
			_, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("a%d.npy", i), Method: zip.Deflate, UncompressedSize64: size})
			require.NoError(t, err)
		}
		require.NoError(t, z.Close())
		return b.Bytes()
	}
	var s Set
	const most = MaxArchive / 4
	assert.NoError(t, new(Set).Decode("w", declaring(most, most, most, most, MaxFile+1, math.MaxUint64)))
	assert.Equal(t, &Error{"w", "", "unzips to more than 256 MiB in all; save fewer arrays in a file"},
		s.Decode("w", declaring(most, most, most, most, 1)))
	assert.Empty(t, s.Names())
}

func TestFiles(t *testing.T) {
	var s Set
	assert.ErrorIs(t, s.ReadFile("testdata/none.npz"), os.ErrNotExist)
	assert.EqualError(t, s.Decode("big", make([]byte, MaxFile+1)), "big: is larger than 64 MiB")
	_, err := s.Tensor("W")
	assert.EqualError(t, err, `tensor "W": is not there; there are none`)

	require.NoError(t, s.ReadFile("testdata/torch.npz"))
	names := s.Names()
	assert.Equal(t, &Error{"testdata/torch.safetensors", "0.bias", "there is one of this name in testdata/torch.npz"},
		s.ReadFile("testdata/torch.safetensors"))
	assert.Equal(t, names, s.Names())
	assert.True(t, s.Has("0.bias"))
	assert.False(t, s.Has("steps"))

	// What is decoded is the caller's.
	var safe Set
	require.NoError(t, safe.ReadFile("testdata/torch.safetensors"))
	for _, s := range []*Set{&s, &safe} {
		v := tensor(t, s, "0.bias")
		v.Data[0], v.Shape[0] = 7, 1
		assert.NotEqual(t, 7.0, tensor(t, s, "0.bias").Data[0])
		assert.Equal(t, []int{4}, tensor(t, s, "0.bias").Shape)
	}
}

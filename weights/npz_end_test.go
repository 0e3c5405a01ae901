package weights

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// commented returns an archive without a comment with one.
func commented(t testing.TB, archive []byte, comment string) []byte {
	n := len(archive) - 2
	require.Zero(t, binary.LittleEndian.Uint16(archive[n:]))
	return append(binary.LittleEndian.AppendUint16(bytes.Clone(archive[:n]), uint16(len(comment))), comment...)
}

// sixtyFour returns an archive with a second record of its end, of 64 bits, to which the
// first points if it is told to.
func sixtyFour(archive []byte, points bool) []byte {
	at := len(archive) - 22
	end, le := bytes.Clone(archive[at:]), binary.LittleEndian
	files := uint64(le.Uint16(end[10:]))
	long := append(bytes.Clone(archive[:at]), "PK\x06\x06"...)
	long = le.AppendUint64(long, 44)
	long = append(long, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	for _, v := range []uint64{files, files, uint64(le.Uint32(end[12:])), uint64(le.Uint32(end[16:]))} {
		long = le.AppendUint64(long, v)
	}
	long = le.AppendUint32(append(long, "PK\x06\x07"...), 0)
	long = le.AppendUint32(le.AppendUint64(long, uint64(at)), 1)
	if points {
		le.PutUint32(end[16:], math.MaxUint32)
	}
	return append(long, end...)
}

// An archive that ends as it may is read, and one of too many files is not, whatever it
// says of how many they are, and wherever.
func TestEndOfArchive(t *testing.T) {
	good := string(npy(dict("<f8", "()"), 8))
	whole := zipped(t, "a.npy", good)
	many := []string{}
	for range maxTensors + 1 {
		many = append(many, "x", "")
	}
	full := zipped(t, append([]string{"a.npy", good}, many[:2*maxTensors-2]...)...)
	over := zipped(t, many...)
	lying := bytes.Clone(over)
	copy(lying[len(lying)-14:], "\x01\x00\x01\x00")

	for name, data := range map[string][]byte{
		"comment":         commented(t, whole, strings.Repeat("x", math.MaxUint16)),
		"64 bits":         sixtyFour(whole, true),
		"64 bits unused":  sixtyFour(whole, false), // as torch.save writes them
		"something ahead": append([]byte("PK\x03\x04"), whole...),
		"full":            full,
	} {
		var s Set
		assert.NoError(t, s.Decode("w", data), name)
		assert.Equal(t, []string{"a"}, s.Names(), name)
	}
	for name, data := range map[string][]byte{
		"over": over, "lying": lying, "comment": commented(t, over, "hello"), "64 bits": sixtyFour(over, true),
		"64 bits unused": sixtyFour(over, false), "something ahead": append([]byte("PK\x03\x04"), over...),
	} {
		assert.EqualError(t, new(Set).Decode("w", data), "w: has 4097 files in it, want at most 4096", name)
	}
}

// What is in the arrays is not in the directory.
func TestSignaturesInArray(t *testing.T) {
	var s Set
	w := newArchive()
	w.array("a", "|u1", []int{20000}, bytes.Repeat([]byte("PK\x01\x02"), 5000))
	require.NoError(t, s.Decode("w", w.finish()))
	assert.Equal(t, []int{20000}, tensor(t, &s, "a").Shape)
}

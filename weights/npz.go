package weights

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// openNPZ lists a zip archive of NPY files. What else is in the archive is passed over,
// as NumPy does.
func openNPZ(data []byte) ([]entry, error) {
	// The directory of an archive is small, and the list that archive/zip makes of it is not.
	if err := checkEnd(data); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("the archive cannot be read: %w", err)
	}
	var entries []entry
	size := uint64(0) // as is declared: archive/zip unzips no more
	for _, f := range z.File {
		if name, ok := strings.CutSuffix(f.Name, ".npy"); ok {
			if f.UncompressedSize64 <= MaxFile {
				size += f.UncompressedSize64
			}
			if size > MaxArchive {
				return nil, fmt.Errorf("unzips to more than %d MiB in all; save fewer arrays in a file", MaxArchive>>20)
			}
			entries = append(entries, entry{name: name, decode: func() (*Tensor, error) { return decodeZipped(f) }})
		}
	}
	if len(entries) == 0 {
		return nil, errors.New("is a zip archive without NPY files; what torch.save wrote is read by torch.load alone: " +
			"write its tensors with numpy.savez")
	}
	return entries, nil
}

func decodeZipped(f *zip.File) (*Tensor, error) {
	// Bombs are defused by what is read and not by what is declared, which is checked for
	// a better message.
	if f.UncompressedSize64 > MaxFile {
		return nil, fmt.Errorf("has %d bytes, more than %d MiB", f.UncompressedSize64, MaxFile>>20)
	}
	if f.Flags&1 != 0 {
		return nil, errors.New("is encrypted")
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("cannot be unzipped: %w", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be unzipped: %w", err)
	case len(data) > MaxFile:
		return nil, fmt.Errorf("unzips to more than %d MiB", MaxFile>>20)
	case crc32.ChecksumIEEE(data) != f.CRC32: // archive/zip takes 0 for no checksum
		return nil, fmt.Errorf("cannot be unzipped: %w", zip.ErrChecksum)
	}
	return decodeNPY(data)
}

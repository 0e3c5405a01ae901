package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// checkEnd demands of a zip archive what archive/zip does not: that nothing comes after
// the end, and a directory that is short enough to be listed.
func checkEnd(data []byte) error {
	const size = 22 // of the record at the end, whose comment comes after it
	at := bytes.LastIndex(data[:max(0, len(data)-size+4)], []byte("PK\x05\x06"))
	if at < 0 {
		return errors.New("the archive is cut off: no record of its end is there")
	}
	comment := int(binary.LittleEndian.Uint16(data[at+20:]))
	switch there := len(data) - at - size; {
	case there < comment:
		return fmt.Errorf("the archive is cut off: its comment has %d bytes, and %d are there", comment, there)
	case there > comment:
		return fmt.Errorf("the archive ends %d bytes before the file does", there-comment)
	}
	if n := bytes.Count(data[directory(data, at):], []byte("PK\x01\x02")); n > maxTensors {
		return fmt.Errorf("has %d files in it, want at most %d", n, maxTensors)
	}
	return nil
}

// directory returns where archive/zip looks for the directory of an archive whose end is
// recorded at the given place, or a place before. How many files the record counts says
// little, as archive/zip reads on for as long as it finds some.
func directory(data []byte, at int) int {
	end := data[at:]
	files := binary.LittleEndian.Uint16(end[10:])
	size, start := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	if files == math.MaxUint16 || size == math.MaxUint16 || start == math.MaxUint32 {
		return 0 // archive/zip looks for a record of 64 bits, which may say anything
	}
	return int(max(0, min(start, int64(at)-size)))
}

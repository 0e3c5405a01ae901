package hostile

import (
	"fmt"
	"runtime/metrics"
	"strings"
)

// A Decoder decodes a document, and holds on to what it made of it until it returns.
type Decoder func(data []byte) error

// longest is how long an error message may be.
const longest = 600

// Check feeds a decoder all of the corpus and returns what is wrong with it: valid
// documents refused, malformed ones accepted or refused in other words, panics,
// messages of more than a line, and more than perByte bytes of memory for each byte
// of the document, and four megabytes. All that is allocated counts, whether it was freed
// again or not: no more than that can be in use.
func (c *Corpus) Check(decode Decoder, perByte float64) (problems []string) {
	report := func(id, format string, args ...any) {
		problems = append(problems, id+": "+fmt.Sprintf(format, args...))
	}
	for name := range c.Valid {
		if err := try(decode, []byte(c.document(name))); err != nil {
			report(name, "is valid, and refused: %v", err)
		}
	}
	for i := range c.Inputs {
		in := &c.Inputs[i]
		data := c.Bytes(in)
		before := allocated()
		err := try(decode, data)
		taken := float64(allocated() - before)
		switch limit := float64(perByte*float64(len(data))) + 4<<20; {
		case err == nil:
			report(in.ID, "is accepted, want the error %q", in.Error)
		case err.Error() != in.Error:
			report(in.ID, "has the error %.1000q, want %q", err.Error(), in.Error)
		case len(err.Error()) > longest || strings.Contains(err.Error(), "\n"):
			report(in.ID, "has an error of %d bytes or several lines", len(err.Error()))
		case taken > limit:
			report(in.ID, "took %.0f bytes for a document of %d, want at most %.0f", taken, len(data), limit)
		}
	}
	return problems
}

// try returns a panic as an error.
func try(decode Decoder, data []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return decode(data)
}

// allocated returns how many bytes were allocated since the program started.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

package fast

import (
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

// room is what a slot holds, in bytes, between two pages that nobody may touch.
const (
	room = 1 << 24
	page = 1 << 16 // a multiple of every page size
)

// slots are used in turns: a test has no more than three slices at a time.
var (
	slots [4][]byte
	turn  int
)

// guarded returns n numbers that begin after a forbidden page or end before one, in
// turns. They are overwritten by the fourth call from here.
func guarded(n int) []float64 {
	slot := &slots[turn%len(slots)]
	if *slot == nil {
		all, err := syscall.Mmap(-1, 0, room+2*page, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err != nil {
			panic(err)
		}
		*slot = all[page : page+room]
		if err := syscall.Mprotect(*slot, syscall.PROT_READ|syscall.PROT_WRITE); err != nil {
			panic(err)
		}
	}
	at := 0
	if turn/len(slots)%2 == 0 {
		at = room - 8*n
	}
	turn++
	return unsafe.Slice((*float64)(unsafe.Pointer(&(*slot)[at])), n)
}

// Reading or writing one number too far is seen.
func TestGuarded(t *testing.T) {
	first, last := false, false
	for range 2 * len(slots) {
		v := guarded(3)
		v[0], v[2] = 1, 2
		first = first || faults(unsafe.Add(unsafe.Pointer(&v[0]), -8))
		last = last || faults(unsafe.Add(unsafe.Pointer(&v[2]), 8))
	}
	assert.True(t, first)
	assert.True(t, last)
}

func faults(p unsafe.Pointer) (yes bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { yes = recover() != nil }()
	sink = *(*float64)(p)
	return
}

var sink float64

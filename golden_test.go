package touchstone_test

import (
	"testing"

	"touchstone"
)

func TestX(t *testing.T) {
	for _, c := range touchstone.Cases() {
		t.Log(c.File, c.ID, c.Net, c.Loss)
	}
}

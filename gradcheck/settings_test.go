package gradcheck_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

func TestModeString(t *testing.T) {
	assert.Equal(t, "auto entries directions certified complex-step Mode(?)",
		fmt.Sprint(gradcheck.Auto, gradcheck.Entries, gradcheck.Directions, gradcheck.Certified, gradcheck.ComplexStep, gradcheck.Mode(9)))
}

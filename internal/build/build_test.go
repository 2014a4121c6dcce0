package build_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/build"
)

// A test binary is stamped by nobody: each field still says something.
func TestReadSaysSomethingWithoutStamps(t *testing.T) {
	b := build.Read()
	require.NotEmpty(t, b.Version)
	require.NotEmpty(t, b.Commit)
	require.NotEmpty(t, b.Built)
}

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

func TestLineIsWhatVersionPrints(t *testing.T) {
	line := build.Info{Version: "v1.2.3", Commit: "abc", Built: "2026-01-02T03:04:05Z"}.Line("parley")
	require.Contains(t, line, "parley v1.2.3 commit abc built 2026-01-02T03:04:05Z go")
}

package protocol_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	flag.Bool("update", false, "rewrite the golden files")
	goleak.VerifyTestMain(m)
}

const goldenDir = "testdata/golden"

// golden reads a golden file, without its final newline.
func golden(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join(goldenDir, name+".json"))
	require.NoError(tb, err)
	return b[:len(b)-1]
}

// requireGolden compares what is sent with its golden file, byte for byte.
func requireGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, os.WriteFile(filepath.Join(goldenDir, name+".json"), append(got, '\n'), 0o644))
	}
	require.Equal(t, string(golden(t, name)), string(got), "the wire contract changed; if that is meant, run with -update")
}

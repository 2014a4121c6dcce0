package configs_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/configs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// file writes a configuration file and returns its path.
func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parley.yaml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// problems loads what must be refused and returns the refusal, line by line.
func problems(t *testing.T, path string, overrides map[string]string, environ ...string) []string {
	t.Helper()
	_, _, err := configs.Load(path, overrides, environ)
	var found configs.Problems
	require.ErrorAs(t, err, &found)
	lines := make([]string, len(found))
	for i, p := range found {
		lines[i] = p.String()
		require.NotContains(t, lines[i], "\n", "a problem is one line")
	}
	return lines
}

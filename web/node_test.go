package web_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLibraryInNode runs the client library's own tests, which are written in its
// language.
func TestLibraryInNode(t *testing.T) {
	tests, err := filepath.Glob("client/test/*.test.mjs")
	require.NoError(t, err)
	require.NotEmpty(t, tests)
	node(t, append([]string{"--no-warnings", "--test", "--test-reporter=spec"}, tests...)...)
}

// TestDistIsWhatTheSourcesBuild builds again, elsewhere, and compares byte by byte.
func TestDistIsWhatTheSourcesBuild(t *testing.T) {
	out := filepath.Join(t.TempDir(), "dist")
	node(t, "build.mjs", out)
	want, got := tree(t, out), tree(t, "dist")
	for name, content := range want {
		require.Contains(t, got, name, "built, and not committed; run: make web")
		require.True(t, bytes.Equal(content, got[name]), "dist/%s is not what the sources build; run: make web", name)
	}
	for name := range got {
		require.Contains(t, want, name, "committed, and built from nothing; run: make web")
	}
}

// tree reads every file below a folder.
func tree(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	root := os.DirFS(folder)
	require.NoError(t, fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(root, name)
		return err
	}))
	return files
}

// node runs Node.js here, with the packages of package-lock.json.
func node(t *testing.T, args ...string) {
	t.Helper()
	lookAtSources(t)
	program, err := exec.LookPath("node")
	require.NoError(t, err, "Node.js is needed; run: make deps")
	installed, err := os.Stat("node_modules/.package-lock.json")
	require.NoError(t, err, "the packages of package-lock.json are needed; run: make deps")
	locked, err := os.Stat("package-lock.json")
	require.NoError(t, err)
	require.False(t, installed.ModTime().Before(locked.ModTime()), "package-lock.json is newer than what is installed; run: make deps")
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	require.NoError(t, err, "node %q\n%s", args, out)
}

// lookAtSources opens what Node.js will read: `go test` remembers that a test has
// passed until a file changes that the test itself has opened.
func lookAtSources(t *testing.T) {
	t.Helper()
	beside, err := filepath.Glob("*.*")
	require.NoError(t, err)
	for _, name := range beside {
		_, err := os.ReadFile(name)
		require.NoError(t, err)
	}
	for _, folder := range []string{"client", "page"} {
		require.NotEmpty(t, tree(t, folder))
	}
}

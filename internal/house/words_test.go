package house

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestNoRegistryIsNamed(t *testing.T) {
	require.Empty(t, registries(t, os.DirFS(root)))
}

func TestRegistryRuleCanFail(t *testing.T) {
	for _, host := range hosts() {
		found := registries(t, fstest.MapFS{
			"docs/a.md": {Data: []byte("fetch it\nfrom https://" + host + "/x\n")},
			"go.mod":    {Data: []byte("module parley\n")},
		})
		require.Equal(t, []string{"docs/a.md:2: names the registry " + host}, found)
	}
}

// hosts lists where packages and images come from, in two halves so that this
// file does not name them either. Which one is used is a matter of the machine's
// settings.
func hosts() []string {
	halves := [][2]string{
		{"proxy.golang", ".org"},
		{"sum.golang", ".org"},
		{"goproxy", ".io"},
		{"goproxy", ".cn"},
		{"registry.npmjs", ".org"},
		{"registry.yarnpkg", ".com"},
		{"pypi", ".org"},
		{"files.pythonhosted", ".org"},
		{"crates", ".io"},
		{"rubygems", ".org"},
		{"docker", ".io"},
		{"hub.docker", ".com"},
		{"ghcr", ".io"},
		{"gcr", ".io"},
		{"quay", ".io"},
		{"mcr.microsoft", ".com"},
		{"public.ecr", ".aws"},
		{"deb.debian", ".org"},
		{"archive.ubuntu", ".com"},
	}
	names := make([]string, len(halves))
	for i, h := range halves {
		names[i] = h[0] + h[1]
	}
	return names
}

func registries(t *testing.T, tree fs.FS) (found []string) {
	t.Helper()
	names := hosts()
	walk(t, tree, func(path string, content []byte) {
		for i, line := range bytes.Split(content, []byte("\n")) {
			for _, host := range names {
				if at := bytes.Index(line, []byte(host)); at >= 0 && starts(line, at) {
					found = append(found, fmt.Sprintf("%s:%d: names the registry %s", path, i+1, host))
				}
			}
		}
	})
	slices.Sort(found)
	return found
}

// starts tells whether a name or a part of one begins there.
func starts(line []byte, at int) bool {
	if at == 0 {
		return true
	}
	before := line[at-1]
	return before != '-' && (before < 'a' || before > 'z') && (before < '0' || before > '9')
}

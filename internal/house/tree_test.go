package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// root is the module's folder, seen from this package's.
const root = "../.."

// source is one parsed Go file.
type source struct {
	path  string // slashed, from the module's folder
	lines int
	fset  *token.FileSet
	file  *ast.File
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// at names a place as an editor understands it.
func (s source) at(n ast.Node) string {
	return s.fset.Position(n.Pos()).String()
}

// ours parses the Go files of the module.
func ours(t *testing.T) []source {
	t.Helper()
	found := parse(t, os.DirFS(root))
	require.NotEmpty(t, found)
	return found
}

// fixture parses one Go file that is made to break a rule, or to keep it.
func fixture(t *testing.T, path, content string) []source {
	t.Helper()
	return parse(t, fstest.MapFS{path: {Data: []byte(content)}})
}

func parse(t *testing.T, tree fs.FS) []source {
	t.Helper()
	var found []source
	walk(t, tree, func(path string, content []byte) {
		if !strings.HasSuffix(path, ".go") {
			return
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, content, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		found = append(found, source{path, bytes.Count(content, []byte("\n")), fset, file})
	})
	return found
}

// walk visits every file that somebody wrote: neither what git keeps, nor what
// was built, fetched or stored, nor test data.
func walk(t *testing.T, tree fs.FS, visit func(path string, content []byte)) {
	t.Helper()
	require.NoError(t, fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch path.Base(name) {
			case ".git", "bin", "data", "node_modules", "testdata":
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		content, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		visit(name, content)
		return nil
	}))
}

package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNoGlobalsAndNoInit(t *testing.T) {
	require.Empty(t, globals(ours(t)))
}

func TestGlobalRulesCanFail(t *testing.T) {
	for _, bad := range []string{
		"var cache = map[string]int{}",
		"var a, b int",
		"var (\n\tx = 1\n)",
		"// table is documented, but gives no reason on its line\nvar table = []int{1}",
		"var errors = 1",
		"var errCount int",
		"func init() {}",
	} {
		require.NotEmpty(t, globals(fixture(t, "x/x.go", "package x\n\n"+bad+"\n")), bad)
	}
	for _, good := range []string{
		`var ErrGone = errors.New("gone")`,
		`var errGone = fmt.Errorf("%w", ErrGone)`,
		"var _ I = (*T)(nil)",
		"//go:embed a.sql\nvar files embed.FS",
		"var table = []int{1} // immutable: the timer wheel's sizes",
		"func (t *T) init() {}",
		"const c = 1",
	} {
		require.Empty(t, globals(fixture(t, "x/x.go", "package x\n\n"+good+"\n")), good)
	}
	require.Empty(t, globals(fixture(t, "x/x_test.go", "package x\n\nvar update = false\n")))
	require.NotEmpty(t, globals(fixture(t, "x/x_test.go", "package x\n\nfunc init() {}\n")))
}

// globals finds package-level variables that are neither errors, embedded files
// nor assertions that a type implements an interface, and that no comment on
// their line justifies; and functions that run before main.
func globals(sources []source) (found []string) {
	for _, s := range sources {
		for _, declared := range s.file.Decls {
			switch d := declared.(type) {
			case *ast.FuncDecl:
				if d.Name.Name == "init" && d.Recv == nil {
					found = append(found, s.at(d)+": func init runs before anybody asked; call a constructor")
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR && !s.isTest() && !embeds(d.Doc) {
					found = append(found, variables(s, d)...)
				}
			}
		}
	}
	return found
}

func variables(s source, d *ast.GenDecl) (found []string) {
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || v.Comment != nil || embeds(v.Doc) {
			continue
		}
		for i, name := range v.Names {
			if name.Name == "_" || (len(v.Values) == len(v.Names) && isError(name.Name, v.Values[i])) {
				continue
			}
			found = append(found, fmt.Sprintf("%s: %s is a global; own it in a struct, or return it from a function", s.at(name), name.Name))
		}
	}
	return found
}

func embeds(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, line := range doc.List {
		if strings.HasPrefix(line.Text, "//go:embed ") {
			return true
		}
	}
	return false
}

// isError tells a sentinel error: named so, and made so.
func isError(name string, value ast.Expr) bool {
	if !strings.HasPrefix(name, "Err") && !strings.HasPrefix(name, "err") {
		return false
	}
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return false
	}
	made, ok := call.Fun.(*ast.SelectorExpr)
	return ok && (made.Sel.Name == "New" || made.Sel.Name == "Errorf")
}

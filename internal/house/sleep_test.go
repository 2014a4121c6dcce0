package house

import (
	"go/ast"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTestsDoNotSleep(t *testing.T) {
	require.Empty(t, sleeps(ours(t)))
}

func TestSleepRuleCanFail(t *testing.T) {
	in := func(body string) string { return "package x\n\nfunc TestX(t *testing.T) {\n" + body + "\n}\n" }

	require.Len(t, sleeps(fixture(t, "x/x_test.go", in("time.Sleep(1)"))), 1)
	require.Len(t, sleeps(fixture(t, "x/x_test.go", in("go func() { time.Sleep(1) }()"))), 1)
	require.Len(t, sleeps(fixture(t, "x/x_test.go", in("synctest.Test(t, f)\ntime.Sleep(1)"))), 1)
	require.Empty(t, sleeps(fixture(t, "x/x_test.go", in("synctest.Test(t, func(t *testing.T) { time.Sleep(1) })"))))
	require.Empty(t, sleeps(fixture(t, "x/x.go", in("time.Sleep(1)"))), "not a test")
}

// sleeps finds tests that wait for a time instead of an event. In a bubble of
// testing/synctest time is virtual and sleeping is the way to move it.
func sleeps(sources []source) (found []string) {
	for _, s := range sources {
		if !s.isTest() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if calls(call, "time", "Sleep") {
				found = append(found, s.at(call)+": time.Sleep in a test; wait for an event, or use testing/synctest")
			}
			return !calls(call, "synctest", "Test")
		})
	}
	return found
}

func calls(call *ast.CallExpr, pkg, name string) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, ok := selector.X.(*ast.Ident)
	return ok && from.Name == pkg && selector.Sel.Name == name
}

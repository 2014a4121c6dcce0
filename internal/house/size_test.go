package house

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Lines at most; where a thing is larger there is a name to be found for a part.
const (
	mostOfFile     = 500
	mostOfMedian   = 120 // of the files that are no tests
	mostOfMain     = 60
	mostOfFunction = 60
	mostOfTest     = 100
)

func TestNothingGrowsTooLarge(t *testing.T) {
	require.Empty(t, tooLarge(ours(t)))
}

func TestHalfTheFilesAreSmall(t *testing.T) {
	require.LessOrEqual(t, median(ours(t)), mostOfMedian)
}

func TestSizeRulesCanFail(t *testing.T) {
	lines := func(n int) string { return strings.Repeat("\t_ = 0\n", n) }
	function := func(n int) string { return "package x\nfunc F() {\n" + lines(n) + "}\n" }

	require.Empty(t, tooLarge(fixture(t, "x/x.go", function(60))))
	require.Equal(t, []string{"x/x.go:2:1: F has 61 lines, want at most 60"}, tooLarge(fixture(t, "x/x.go", function(61))))
	require.Empty(t, tooLarge(fixture(t, "x/x_test.go", function(100))))
	require.Len(t, tooLarge(fixture(t, "x/x_test.go", function(101))), 1)
	require.Len(t, tooLarge(fixture(t, "x/x.go", "package x\n"+strings.Repeat("\n", 500))), 1)
	require.Len(t, tooLarge(fixture(t, "cmd/x/main.go", "package main\n"+strings.Repeat("\n", 60))), 1)
	require.Equal(t, 201, median(fixture(t, "x/x.go", "package x\n"+strings.Repeat("\n", 200))))
	require.Zero(t, median(fixture(t, "x/x_test.go", "package x\n")))
}

func tooLarge(sources []source) (found []string) {
	for _, s := range sources {
		if s.lines > mostOfFile {
			found = append(found, fmt.Sprintf("%s has %d lines, want at most %d", s.path, s.lines, mostOfFile))
		}
		if path.Base(s.path) == "main.go" && s.lines > mostOfMain {
			found = append(found, fmt.Sprintf("%s has %d lines, want at most %d", s.path, s.lines, mostOfMain))
		}
		most := mostOfFunction
		if s.isTest() {
			most = mostOfTest
		}
		for _, declared := range s.file.Decls {
			f, ok := declared.(*ast.FuncDecl)
			if !ok {
				continue
			}
			// The lines between the one with "func" and the closing brace.
			n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line - 1
			if n > most {
				found = append(found, fmt.Sprintf("%s: %s has %d lines, want at most %d", s.at(f), f.Name.Name, n, most))
			}
		}
	}
	return found
}

func median(sources []source) int {
	var lines []int
	for _, s := range sources {
		if !s.isTest() {
			lines = append(lines, s.lines)
		}
	}
	if len(lines) == 0 {
		return 0
	}
	slices.Sort(lines)
	return lines[len(lines)/2]
}

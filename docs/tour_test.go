package docs_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/nodetest"

	"github.com/stretchr/testify/require"
)

// TestTour runs the README's tour with bash and curl on a node of its own, and
// compares what comes out with what is shown. In the place of npx, which would
// fetch wscat from the network, stands a client of ours that takes the same
// arguments.
func TestTour(t *testing.T) {
	steps := tour(t, read(t, "README.md"))
	for _, tool := range []string{"bash", "curl", "sed", "grep"} {
		_, err := exec.LookPath(tool)
		require.NoError(t, err, "%s is needed; on Debian and Ubuntu: apt-get install --no-install-recommends %s", tool, tool)
	}
	n := nodetest.Start(t)
	var script strings.Builder
	script.WriteString("set -euo pipefail\n")
	for i, s := range steps {
		fmt.Fprintf(&script, "echo '%s'\n%s", mark(i), s.script)
	}
	text := strings.NewReplacer("localhost:8080", n.Addr(), "localhost:9090", n.AdminAddr()).Replace(script.String())

	cmd := exec.CommandContext(within(t), "bash", "-c", text)
	cmd.Env = append(os.Environ(), "PATH="+pathWithNPX(t), actAs+"=npx", "no_proxy=*")
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	require.NoError(t, err, "output: %s\ncomplaints: %s", out, &complaints)

	rest := string(out)
	for i, s := range steps {
		_, after, found := strings.Cut(rest, mark(i)+"\n")
		require.True(t, found)
		said, _, _ := strings.Cut(after, mark(i+1))
		rest = after
		t.Run(fmt.Sprintf("line %d", s.line), func(t *testing.T) { s.compare(t, said) })
	}
}

func mark(step int) string { return fmt.Sprintf("===== %d =====", step) }

// step is a script of the tour, and what it is said to print.
type step struct {
	script string
	output string
	line   int
}

// tour pairs each block to be tested with the output that follows it.
func tour(t *testing.T, d document) (steps []step) {
	t.Helper()
	for _, f := range d.fences {
		switch {
		case f.is("sh", "test"):
			steps = append(steps, step{script: f.body, line: f.line})
		case f.is("json", "output") || f.is("text", "output"):
			require.NotEmpty(t, steps, "%s:%d: output of what?", d.path, f.line)
			steps[len(steps)-1].output = f.body
		}
	}
	require.NotEmpty(t, steps)
	return steps
}

// compare wants each line that is shown once, in whatever order: answers and
// what others do may overtake each other.
func (s step) compare(t *testing.T, said string) {
	shown, real := lines(s.output), lines(said)
	require.Len(t, real, len(shown), "lines; printed:\n%s", said)
	for _, want := range shown {
		at := -1
		for i, got := range real {
			if at < 0 && alike(want, got) {
				at = i
			}
		}
		require.GreaterOrEqual(t, at, 0, "nothing printed is like\n%s\nbut\n%s", want, strings.Join(real, "\n"))
		real = append(real[:at], real[at+1:]...)
	}
}

func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

func alike(shown, real string) bool {
	s, errS := jsonValues(shown)
	r, errR := jsonValues(real)
	if errS != nil || errR != nil {
		return shown == real
	}
	return len(differences("", any(s), any(r))) == 0
}

// pathWithNPX puts this test binary before everything else, under npx's name.
func pathWithNPX(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, os.Symlink(self, filepath.Join(folder, "npx")))
	return folder + string(os.PathListSeparator) + os.Getenv("PATH")
}

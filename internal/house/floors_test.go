package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "parley"

// floors gives each package its floor; a folder's floor is that of the packages
// below it too. A package imports from lower floors only.
func floors() map[string]int {
	return map[string]int{
		"cmd":               6,
		"docs":              6, // tests that hold the documents against the code
		"internal/e2e":      6, // tests of a whole node by real peers
		"internal/nodetest": 6, // nodes for the tests of this floor

		"internal/app": 5,

		"api":             4,
		"internal/faults": 4, // for tests, as loadtest
		"loadtest":        4,

		"chat":       3,
		"inbox":      3,
		"membership": 3,
		"ringing":    3,
		"signaling":  3,

		"auth":  2,
		"fleet": 2,
		"room":  2,

		"cluster":  1,
		"configs":  1,
		"edge":     1,
		"ledger":   1,
		"metrics":  1,
		"presence": 1,
		"store":    1,

		"internal/build":   0,
		"internal/house":   0,
		"internal/output":  0, // for tests of any floor
		"internal/recent":  0,
		"internal/servers": 0, // for tests of any floor
		"protocol":         0, // of floor 1, but a leaf that all may import
		"web":              0, // files only
	}
}

// sideways lists what may be imported from the same floor, besides a parent's
// package by what lies in its folder (a back end by its contract's name, a
// conformance suite likewise).
func sideways() map[string][]string {
	return map[string][]string{
		"api": {"api/docpage", "api/sockets"},
		"loadtest/bench": {
			"loadtest/bench/floor", "loadtest/bench/host", "loadtest/bench/report", "loadtest/bench/swarm", "loadtest/client",
			"loadtest/target",
		},
		"loadtest/bench/floor": {"loadtest/raw"},
		"loadtest/bench/swarm": {"loadtest/raw", "loadtest/wire"},
		"ringing":              {"ringing/ring"},
		"signaling":            {"signaling/call"},
		"store/postgres":       {"store/internal/lanes", "store/internal/schema", "store/internal/value"},
		"store/sqlite":         {"store/internal/lanes", "store/internal/schema", "store/internal/value"},
		"loadtest/agents": {
			"loadtest/health", "loadtest/measure", "loadtest/pause", "loadtest/plan", "loadtest/report", "loadtest/run",
			"loadtest/scenario", "loadtest/target",
		},
		"loadtest/audience": {
			"loadtest/client", "loadtest/crowd", "loadtest/measure", "loadtest/pause", "loadtest/target", "loadtest/turnout",
			"loadtest/wire",
		},
		"loadtest/calls": {"loadtest/client", "loadtest/measure", "loadtest/pause", "loadtest/peer", "loadtest/target"},
		"loadtest/chat": {
			"loadtest/chat/judge", "loadtest/client", "loadtest/crowd", "loadtest/measure", "loadtest/pause", "loadtest/target",
			"loadtest/turnout", "loadtest/wire",
		},
		"loadtest/chat/judge": {"loadtest/measure"},
		"loadtest/client":     {"loadtest/pause"},
		"loadtest/crowd":      {"loadtest/client", "loadtest/pause", "loadtest/raw", "loadtest/wire"},
		"loadtest/exporter":   {"loadtest/measure"},
		"loadtest/health":     {"loadtest/measure"},
		"loadtest/idle":       {"loadtest/audience", "loadtest/measure", "loadtest/pause", "loadtest/target"},
		"loadtest/live":       {"loadtest/measure"},
		"loadtest/peer":       {"loadtest/client"},
		"loadtest/plan": {
			"loadtest/audience", "loadtest/calls", "loadtest/chat", "loadtest/idle", "loadtest/measure", "loadtest/scenario",
			"loadtest/storm", "loadtest/target",
		},
		"loadtest/report": {"loadtest/health", "loadtest/measure", "loadtest/target"},
		"loadtest/run":    {"loadtest/health", "loadtest/live", "loadtest/measure", "loadtest/report", "loadtest/target"},
		"loadtest/scenario": {
			"loadtest/audience", "loadtest/calls", "loadtest/chat", "loadtest/idle", "loadtest/measure", "loadtest/pause",
			"loadtest/report", "loadtest/storm", "loadtest/target",
		},
		"loadtest/storm":   {"loadtest/audience", "loadtest/measure", "loadtest/pause", "loadtest/target"},
		"loadtest/target":  {"loadtest/client", "loadtest/measure"},
		"loadtest/turnout": {"loadtest/measure", "loadtest/target"},
	}
}

// narrow lists packages that may import less than their floor allows.
func narrow() map[string][]string {
	return map[string][]string{
		"cmd/parley":       {"configs", "internal/app", "internal/build"},
		"cmd/parley-load":  {"loadtest", "protocol", "internal/build"},
		"configs":          {},
		"internal/faults":  {},
		"internal/servers": {},
		"loadtest":         {"loadtest", "protocol"}, // a black box knows the wire only
		"loadtest/bench":   {"loadtest", "protocol", "internal/servers"},
		"metrics":          {"protocol"},
		"ringing/ring":     {"protocol"}, // a pure state machine, as
		"signaling/call":   {"protocol"}, // this one
	}
}

// readers may import configs.
func readers() []string { return []string{"cmd/parley", "internal/app", "internal/nodetest"} }

// pkg is what `go list -json` tells of a package.
type pkg struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func TestImportsPointDownward(t *testing.T) {
	for _, goos := range []string{"linux", "darwin"} {
		require.Empty(t, brokenFloors(list(t, goos)), "imports on %s", goos)
	}
}

func TestFloorsCanFail(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"store", "room", "floor 1 imports floor 2"},
		{"edge", "store", "from its own floor"},
		{"store", "store/sqlite", "from its own floor"},
		{"chat", "signaling", "from its own floor"},
		{"api", "configs", "configs is read only by"},
		{"loadtest/bench", "edge", "may import only"},
		{"cmd/parley", "store", "may import only"},
		{"signaling/call", "room", "may import only"},
		{"chat", "store/sqlite", "only internal/app picks back ends"},
		{"chat", "store/storetest", "is for tests"},
		{"store/sqlite", "internal/servers", "by tests and the benchmark only"},
		{"internal/app", "internal/output", "is for tests"},
		{"internal/app", "nowhere", "nowhere has no floor"},
		{"nowhere", "store", "nowhere has no floor"},
	} {
		broken := brokenFloors([]pkg{{ImportPath: module + "/" + c.from, Imports: []string{"fmt", module + "/" + c.to}}})
		require.Len(t, broken, 1, "%s → %s", c.from, c.to)
		require.Contains(t, broken[0], c.want)
	}
	require.NotEmpty(t, brokenFloors([]pkg{{ImportPath: module + "/store", XTestImports: []string{module + "/chat"}}}))

	require.Empty(t, brokenFloors([]pkg{
		{ImportPath: module + "/store/sqlite", Imports: []string{module + "/store"}, XTestImports: []string{module + "/store/storetest"}},
		{ImportPath: module + "/signaling", Imports: []string{module + "/signaling/call", module + "/room"}},
		{ImportPath: module + "/auth", TestImports: []string{module + "/store/sqlite"}},
		{ImportPath: module + "/internal/app", Imports: []string{module + "/store/sqlite", module + "/configs"}},
		{ImportPath: module + "/cmd/parley", Imports: []string{module + "/configs", module + "/internal/app"}},
		{ImportPath: module + "/loadtest/bench", Imports: []string{module + "/loadtest", module + "/protocol"}},
	}))
}

func brokenFloors(packages []pkg) (broken []string) {
	for _, p := range packages {
		from := inside(p.ImportPath)
		for _, imported := range p.Imports {
			if to := inside(imported); to != "" {
				broken = append(broken, judge(from, to)...)
			}
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if to := inside(imported); to != "" && floorOf(to) > floorOf(from) {
				broken = append(broken, fmt.Sprintf("tests of %s import %s from a higher floor", from, to))
			}
		}
	}
	slices.Sort(broken)
	return slices.Compact(broken)
}

// judge returns what is wrong with one import, or nothing.
func judge(from, to string) []string {
	for _, p := range []string{from, to} {
		if floorOf(p) < 0 {
			return []string{p + " has no floor: give it one here and in docs/architecture.md"}
		}
	}
	allowed, isNarrow := lookup(narrow(), from)
	says := func(format string, args ...any) []string {
		return []string{fmt.Sprintf("%s imports %s: ", from, to) + fmt.Sprintf(format, args...)}
	}
	switch parent := path.Dir(to); {
	case isNarrow && !slices.ContainsFunc(allowed, func(a string) bool { return within(to, a) }):
		return says("it may import only %q", allowed)
	case to == "configs" && !slices.Contains(readers(), from):
		return says("configs is read only by %q", readers())
	case path.Base(to) == parent+"test":
		return says("a conformance suite is for tests")
	case slices.Contains([]string{"internal/nodetest", "internal/output"}, to):
		return says("that is for tests")
	case to == "internal/servers" && from != "loadtest/bench":
		return says("servers are started by tests and the benchmark only")
	case floorOf(to) > floorOf(from):
		return says("floor %d imports floor %d", floorOf(from), floorOf(to))
	case floorOf(to) == floorOf(from) && !within(from, to) && !slices.Contains(sideways()[from], to):
		return says("that is from its own floor")
	case slices.Contains([]string{"store", "cluster", "presence", "ledger"}, parent) && from != "internal/app":
		return says("only internal/app picks back ends")
	}
	return nil
}

// floorOf returns -1 where the table says nothing.
func floorOf(p string) int {
	if floor, ok := lookup(floors(), p); ok {
		return floor
	}
	return -1
}

// lookup finds a package in a table, or the nearest folder above it.
func lookup[T any](table map[string]T, p string) (T, bool) {
	for ; p != "." && p != "/"; p = path.Dir(p) {
		if found, ok := table[p]; ok {
			return found, true
		}
	}
	var none T
	return none, false
}

func within(p, folder string) bool {
	return p == folder || strings.HasPrefix(p, folder+"/")
}

// inside returns a package's path within the module, or "" for anybody else's.
func inside(importPath string) string {
	p, _ := strings.CutPrefix(importPath, module+"/")
	if p == importPath {
		return ""
	}
	return p
}

func list(t *testing.T, goos string) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
	output, err := cmd.Output()
	require.NoError(t, err, "go list: %s", stderrOf(err))
	var packages []pkg
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			require.NoError(t, err)
		}
		packages = append(packages, p)
	}
	require.NotEmpty(t, packages)
	return packages
}

func stderrOf(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(exit.Stderr)
	}
	return ""
}

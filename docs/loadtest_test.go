package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/measure"
)

const loadtestFile = "docs/loadtest.md"

// option is a flag of parley-load as its help tells it.
type option struct{ name, kind, about, byDefault string }

// loads are the commands that put a deployment under load.
func loads() []string { return []string{"calls", "chat", "idle", "storm", "mixed"} }

// helps are the options of parley-load's commands, by their help.
func helps(t *testing.T) map[string][]option {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "parley-load")
	built, err := exec.CommandContext(t.Context(), "go", "build", "-o", tool, "parley/cmd/parley-load").CombinedOutput()
	require.NoError(t, err, "%s", built)
	help := func(args ...string) string {
		b, err := exec.CommandContext(t.Context(), tool, append(args, "--help")...).Output()
		require.NoError(t, err)
		return string(b)
	}
	found := map[string][]option{}
	_, list, _ := strings.Cut(help(), "Available Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	for _, m := range regexp.MustCompile(`(?m)^  (\S+)`).FindAllStringSubmatch(list, -1) {
		if name := m[1]; name != "completion" && name != "help" { // the library's own
			found[name] = optionsIn(help(name))
		}
	}
	return found
}

func optionsIn(help string) (list []option) {
	line := regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z-]+)(?: ([a-zA-Z0-9]+))?  +(.*?)(?: \(default (.*)\))?$`)
	for _, m := range line.FindAllStringSubmatch(help, -1) {
		if m[1] != "help" {
			list = append(list, option{m[1], m[2], m[3], strings.Trim(m[4], `"[]`)})
		}
	}
	return list
}

// TestOptionsOfTheLoadTest writes the tables of options, or fails where they are not
// what the commands' help says.
func TestOptionsOfTheLoadTest(t *testing.T) {
	commands := helps(t)
	shared := slices.DeleteFunc(slices.Clone(commands["calls"]), func(o option) bool {
		return slices.ContainsFunc(loads(), func(name string) bool { return !slices.Contains(commands[name], o) })
	})
	require.NotEmpty(t, shared)
	want := map[string]string{"options of all loads": optionTable(shared)}
	for name, options := range commands {
		if slices.Contains(loads(), name) {
			options = slices.DeleteFunc(options, func(o option) bool { return slices.Contains(shared, o) })
		}
		require.Contains(t, read(t, loadtestFile).anchors(), "parley-load-"+name, "a section of each command")
		if len(options) > 0 {
			want["options of "+name] = optionTable(options)
		}
	}
	requireWritten(t, want)
}

func optionTable(options []option) string {
	var b strings.Builder
	b.WriteString("\n| Option | Default | What |\n|---|---|---|\n")
	for _, o := range options {
		name, value := "`--"+o.name+"`", o.byDefault
		if o.kind != "" {
			name = "`--" + o.name + " " + o.kind + "`"
		}
		if value != "" {
			value = "`" + value + "`"
		}
		b.WriteString("| " + name + " | " + value + " | " + strings.ReplaceAll(o.about, "|", `\|`) + " |\n")
	}
	return b.String() + "\n"
}

// requireWritten holds the parts of docs/loadtest.md that are made from the code
// against it, or writes them.
func requireWritten(t *testing.T, parts map[string]string) {
	t.Helper()
	text := read(t, loadtestFile).text
	for name, want := range parts {
		begin, end := "<!-- "+name+": written by `go test ./docs -update` -->\n", "<!-- /"+name+" -->"
		before, rest, found := strings.Cut(text, begin)
		require.True(t, found, "%s has no place for the %s", loadtestFile, name)
		table, after, found := strings.Cut(rest, end)
		require.True(t, found, "%s does not say where the %s end", loadtestFile, name)
		if updating() {
			text = before + begin + want + end + after
			continue
		}
		require.Equal(t, want, table, "the %s changed; run: go test ./docs -update", name)
	}
	if updating() {
		require.NoError(t, os.WriteFile(filepath.Join(root, loadtestFile), []byte(text), 0o644))
	}
}

// TestKeysOfScenarios writes the tables of a scenario's keys, or fails where they are
// not those of the code.
func TestKeysOfScenarios(t *testing.T) {
	want := map[string]string{}
	for _, file := range []string{"scenario.go", "loads.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "loadtest/scenario", file), nil, parser.ParseComments)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if fields, ok := spec.Type.(*ast.StructType); ok && spec.Name.Name != "Loads" && spec.Name.Name != "Weights" {
					want["keys of "+strings.ToLower(spec.Name.Name)] = keyTable(t, fields)
				}
			}
			return true
		})
	}
	require.Len(t, want, 6)
	requireWritten(t, want)
}

func keyTable(t *testing.T, fields *ast.StructType) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("\n| Key | What; its default |\n|---|---|\n")
	for _, f := range fields.Fields.List {
		tag, err := strconv.Unquote(f.Tag.Value)
		require.NoError(t, err)
		key, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		about := strings.TrimSpace(f.Comment.Text())
		if about == "" {
			about = strings.TrimSpace(f.Doc.Text())
		}
		require.NotEmpty(t, about, key)
		b.WriteString("| `" + key + "` | " + about + " |\n")
	}
	return b.String() + "\n"
}

func TestStagesFaultsAndCountersAreDocumented(t *testing.T) {
	recorded := recordedNames(t)
	d := read(t, loadtestFile)
	for column, want := range map[string]map[string]bool{"Stage": recorded["Stage"], "Counter": recorded["Count"], "Fault": {}} {
		if column == "Fault" {
			for _, kind := range measure.FaultKinds() {
				want[string(kind)] = true
			}
		}
		require.NotEmpty(t, want)
		documented := map[string]bool{}
		for _, row := range d.rows(column) {
			for _, m := range regexp.MustCompile("`([a-z_.]+)`").FindAllStringSubmatch(row[0], -1) {
				documented[m[1]] = true
			}
		}
		require.Equal(t, want, documented, "%s: recorded (first), documented (second)", column)
	}
}

// recordedNames are the names of stages and counters in loadtest: constants whose
// names begin with Stage or Count, and what recorders are asked for by a text.
func recordedNames(t *testing.T) map[string]map[string]bool {
	t.Helper()
	found := map[string]map[string]bool{"Stage": {}, "Count": {}}
	require.NoError(t, fs.WalkDir(os.DirFS(root), "loadtest", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "loadtest/bench/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for kind, names := range found {
				if name, ok := nameIn(n, kind); ok {
					names[name] = true
				}
			}
			return true
		})
		return nil
	}))
	return found
}

// nameIn is the name that a node of a program gives to something of a kind.
func nameIn(n ast.Node, kind string) (string, bool) {
	var value ast.Expr
	switch n := n.(type) {
	case *ast.ValueSpec:
		if len(n.Values) == 1 && strings.HasPrefix(n.Names[0].Name, kind) {
			value = n.Values[0]
		}
	case *ast.CallExpr:
		if to, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) > 0 && (to.Sel.Name == kind || to.Sel.Name == kind+"er") {
			value = n.Args[0]
		}
	}
	literal, ok := value.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	name, err := strconv.Unquote(literal.Value)
	return name, err == nil
}

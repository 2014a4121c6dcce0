package docs_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"parley/configs"
)

const operationsFile = "docs/operations.md"

func TestEveryAlertHasARunbook(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root, "metrics/rules/parley.yml"))
	require.NoError(t, err)
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert       string
				Labels      map[string]string
				Annotations map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(b, &rules))
	d := read(t, operationsFile)
	alerts := map[string]bool{}
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			alerts[rule.Alert] = true
			file, anchor, _ := strings.Cut(rule.Annotations["runbook_url"], "#")
			require.Equal(t, operationsFile, file, "runbook of %s", rule.Alert)
			require.True(t, d.anchors()[anchor], "%s has no heading for %s", operationsFile, rule.Alert)
			_, text, found := strings.Cut(d.text, "\n### "+rule.Alert+"\n\n")
			require.True(t, found, "%s has no section for %s", operationsFile, rule.Alert)
			require.Regexp(t, `(?i)^`+rule.Labels["severity"]+`\.`, text, "%s begins with its severity", rule.Alert)
		}
	}
	for _, h := range d.headings {
		if strings.HasPrefix(h.text, "Parley") {
			require.True(t, alerts[h.text], "%s:%d: there is no alert %s", operationsFile, h.line, h.text)
		}
	}
}

func TestMetricsAreDocumented(t *testing.T) {
	golden, err := os.ReadFile(filepath.Join(root, "metrics/testdata/metrics.golden"))
	require.NoError(t, err)
	exported := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (parley_\w+)`).FindAllStringSubmatch(string(golden), -1) {
		exported[m[1]] = true
	}
	require.NotEmpty(t, exported)
	inTable := map[string]bool{}
	name := regexp.MustCompile("`(parley_[a-z_]+)`")
	for _, row := range read(t, operationsFile).rows("Metric") {
		for _, m := range name.FindAllStringSubmatch(row[0], -1) {
			inTable[m[1]] = true
		}
	}
	require.Equal(t, exported, inTable, "exported (first), in the table (second)")
	for _, d := range all(t) {
		for _, m := range name.FindAllStringSubmatch(d.prose, -1) {
			require.True(t, exported[m[1]] || m[1] == "parley_token", "%s names the metric %s, which there is not", d.path, m[1])
		}
	}
}

// TestEveryPackageIsInTheTableOfFloors wants each package, or a folder above it,
// in docs/architecture.md.
func TestEveryPackageIsInTheTableOfFloors(t *testing.T) {
	table := map[string]bool{}
	for _, row := range read(t, "docs/architecture.md").rows("Floor") {
		for _, m := range regexp.MustCompile("`([a-z0-9/-]+)`").FindAllStringSubmatch(row[1], -1) {
			table[m[1]] = true
			_, err := os.Stat(filepath.Join(root, m[1], "doc.go"))
			if m[1] != "loadtest" { // a folder of packages
				require.NoError(t, err, "the table has a package that there is not")
			}
		}
	}
	for _, file := range files(t) {
		if path.Base(file) != "doc.go" {
			continue
		}
		known := false
		for folder := path.Dir(file); folder != "."; folder = path.Dir(folder) {
			known = known || table[folder]
		}
		require.True(t, known, "docs/architecture.md has no floor for %s", path.Dir(file))
	}
}

func TestConfigurationTable(t *testing.T) {
	const begin, end = "<!-- configuration: written by `go test ./docs -update` -->\n", "<!-- /configuration -->"
	d := read(t, "README.md")
	before, rest, found := strings.Cut(d.text, begin)
	require.True(t, found, "README.md has no place for the table")
	table, after, found := strings.Cut(rest, end)
	require.True(t, found, "README.md does not say where the table ends")
	want := configurationTable()
	if updating() {
		require.NoError(t, os.WriteFile(filepath.Join(root, "README.md"), []byte(before+begin+want+end+after), 0o644))
		return
	}
	require.Equal(t, want, table, "the keys changed; run: go test ./docs -update")
}

func configurationTable() string {
	var b strings.Builder
	b.WriteString("\n| Key | Default | What |\n|---|---|---|\n")
	for _, key := range configs.Keys() {
		about := strings.NewReplacer("*", `\*`, "|", `\|`, "<", "&lt;").Replace(key.About)
		if key.Secret {
			about += " Secret."
		}
		b.WriteString("| `" + key.Name + "` | `" + key.Default + "` | " + about + " |\n")
	}
	b.WriteString("\n")
	return b.String()
}

// TestKeysThatAreNamedExist looks for the names of keys in all documents.
func TestKeysThatAreNamedExist(t *testing.T) {
	known, sections := map[string]bool{}, map[string]bool{}
	for _, key := range configs.Keys() {
		known[key.Name] = true
		section, _, _ := strings.Cut(key.Name, ".")
		sections[section] = true
	}
	for _, d := range all(t) {
		for _, m := range regexp.MustCompile("`(([a-z]+)\\.[a-z0-9_.]+)[`:=]").FindAllStringSubmatch(d.prose, -1) {
			isFile := path.Ext(m[1]) == ".go" || path.Ext(m[1]) == ".md"
			require.True(t, known[m[1]] || !sections[m[2]] || isFile, "%s names the key %s, which there is not", d.path, m[1])
		}
		for _, m := range regexp.MustCompile(`\bPARLEY_([A-Z0-9_]+)\b`).FindAllStringSubmatch(d.text, -1) {
			found := m[0] == "PARLEY_SEED" // of internal/e2e/cluster, no node's
			for _, key := range configs.Keys() {
				found = found || key.Env == m[0]
			}
			require.True(t, found, "%s names the variable %s, which there is not", d.path, m[0])
		}
	}
}

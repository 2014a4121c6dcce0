package metrics_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"parley/metrics"
)

const (
	rulesFile     = "rules/parley.yml"
	rulesTestFile = "rules/parley_test.yml"
)

// alert is one rule of rules/parley.yml.
type alert struct {
	Alert       string
	Expr        string
	Labels      map[string]string
	Annotations map[string]string
}

func alerts(t *testing.T) []alert {
	t.Helper()
	data, err := os.ReadFile(rulesFile)
	require.NoError(t, err)
	var file struct {
		Groups []struct{ Rules []alert }
	}
	require.NoError(t, yaml.Unmarshal(data, &file))
	var all []alert
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	require.NotEmpty(t, all)
	return all
}

// tool finds one of Prometheus' programs.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	require.NoError(t, err,
		"%s is needed; on Debian and Ubuntu: apt-get install --no-install-recommends prometheus", name)
	return path
}

func promtool(t *testing.T, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), tool(t, "promtool"), args...).CombinedOutput()
	require.NoError(t, err, "promtool %s:\n%s", strings.Join(args, " "), out)
}

func TestRulesAreValid(t *testing.T) { promtool(t, "check", "rules", rulesFile) }

func TestRulesFireWhenTheyShould(t *testing.T) { promtool(t, "test", "rules", rulesTestFile) }

func TestEveryAlertIsTested(t *testing.T) {
	tests, err := os.ReadFile(rulesTestFile)
	require.NoError(t, err)
	for _, a := range alerts(t) {
		firing := regexp.MustCompile(`(alertname="` + a.Alert + `"|alertname: ` + a.Alert + `\n)`)
		require.Regexp(t, firing, string(tests), "%s has no test in %s", a.Alert, rulesTestFile)
	}
}

func TestEveryAlertTellsWhatToDo(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range alerts(t) {
		require.True(t, strings.HasPrefix(a.Alert, "Parley"), "the alert %q", a.Alert)
		require.False(t, seen[a.Alert], "%s is there twice", a.Alert)
		seen[a.Alert] = true
		require.Contains(t, []string{"critical", "warning"}, a.Labels["severity"], "severity of %s", a.Alert)
		require.NotEmpty(t, a.Annotations["summary"], "summary of %s", a.Alert)
		require.NotEmpty(t, a.Annotations["description"], "description of %s", a.Alert)
		require.Equal(t, "docs/operations.md#"+strings.ToLower(a.Alert), a.Annotations["runbook_url"], a.Alert)
	}
}

func TestRulesNameExportedMetrics(t *testing.T) {
	exported := exportedTypes(t)
	for _, a := range alerts(t) {
		requireExported(t, exported, a.Expr, "the alert "+a.Alert)
	}
}

// exportedTypes are the metrics of a node that has reported everything.
func exportedTypes(t *testing.T) map[string]string {
	t.Helper()
	m := newMetrics()
	exercise(m)
	return scrapeHandler(t, metrics.AdminHandler(m, []metrics.Check{{Name: "store", Probe: ready}})).types()
}

// requireExported checks every metric that a PromQL expression names.
func requireExported(t *testing.T, exported map[string]string, expr, where string) {
	t.Helper()
	quoted := regexp.MustCompile(`"[^"]*"`)
	names := regexp.MustCompile(`\b(?:parley|go|process|promhttp)_[a-z0-9_]+|\bup\b`).
		FindAllString(quoted.ReplaceAllString(expr, ""), -1)
	require.NotEmpty(t, names, "%s names no metric: %s", where, expr)
	for _, name := range names {
		if name == "up" || exported[name] == "histogram" {
			require.Equal(t, "up", name, "%s uses the histogram %s without _bucket, _sum or _count", where, name)
			continue
		}
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			if base, ok := strings.CutSuffix(name, suffix); ok && exported[base] == "histogram" {
				name = base
			}
		}
		require.Contains(t, exported, name, "%s uses a metric that is not exported", where)
	}
}

package metrics_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// dashboard is what these tests read of Grafana's dashboard schema.
type dashboard struct {
	UID           string
	Title         string
	SchemaVersion int
	Templating    struct {
		List []struct {
			Name, Type string
			Datasource datasource
			Definition string
		}
	}
	Annotations struct {
		List []struct{ Name, Expr string }
	}
	Panels []panel
}

type panel struct {
	ID                       int
	Type, Title, Description string
	Datasource               datasource
	GridPos                  struct{ X, Y, W, H int }
	FieldConfig              struct{ Defaults struct{ Unit string } }
	Targets                  []struct {
		RefID, Expr, LegendFormat string
		Datasource                datasource
	}
}

type datasource struct{ Type, UID string }

func readDashboard(t *testing.T) dashboard {
	t.Helper()
	data, err := os.ReadFile("dashboards/parley.json")
	require.NoError(t, err)
	var d dashboard
	require.NoError(t, json.Unmarshal(data, &d))
	return d
}

// query is an expression of the dashboard and where it stands.
type query struct{ expr, where string }

func (d dashboard) queries() []query {
	var qs []query
	for _, a := range d.Annotations.List {
		qs = append(qs, query{a.Expr, "the annotation " + a.Name})
	}
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			qs = append(qs, query{target.Expr, "the panel " + p.Title})
		}
	}
	return qs
}

func TestDashboardNamesExportedMetrics(t *testing.T) {
	d, exported := readDashboard(t), exportedTypes(t)
	for _, q := range d.queries() {
		requireExported(t, exported, q.expr, q.where)
	}
	for _, v := range d.Templating.List {
		if v.Type == "query" {
			requireExported(t, exported, v.Definition, "the variable "+v.Name)
		}
	}
}

// The other way round: a metric that nobody looks at is not worth its cost.
func TestDashboardShowsEveryMetric(t *testing.T) {
	data, err := os.ReadFile("dashboards/parley.json")
	require.NoError(t, err)
	for name := range exportedTypes(t) {
		if strings.HasPrefix(name, "parley_") {
			require.Regexp(t, `\b`+name+`(_bucket|_sum|_count)?[{,]`, string(data), "%s is on no panel", name)
		}
	}
}

func TestDashboardCanBeImportedAnywhere(t *testing.T) {
	d := readDashboard(t)
	require.Equal(t, "parley", d.UID, "links rely on it")
	require.Equal(t, "Parley", d.Title)
	require.GreaterOrEqual(t, d.SchemaVersion, 41)
	require.Equal(t, "datasource", d.Templating.List[0].Name)
	variables := map[string]bool{"__rate_interval": true}
	for _, v := range d.Templating.List {
		variables[v.Name] = true
	}
	for _, q := range d.queries() {
		for _, v := range regexp.MustCompile(`\$(\w+)`).FindAllStringSubmatch(q.expr, -1) {
			require.True(t, variables[v[1]], "%s uses the unknown variable $%s", q.where, v[1])
		}
		require.Contains(t, q.expr, `job="$job"`, "%s mixes in other jobs", q.where)
	}
}

func TestDashboardHasItsRows(t *testing.T) {
	var rows []string
	for _, p := range readDashboard(t).Panels {
		if p.Type == "row" {
			rows = append(rows, p.Title)
		}
	}
	require.Equal(t, []string{"Now", "Traffic", "Edge health", "Chat and store", "Calls", "Between nodes", "Process"}, rows)
}

func TestPanelsAreComplete(t *testing.T) {
	chosen := datasource{Type: "prometheus", UID: "${datasource}"}
	ids := map[int]bool{}
	taken := map[[2]int]string{}
	for _, p := range readDashboard(t).Panels {
		require.False(t, ids[p.ID], "the id %d is there twice", p.ID)
		ids[p.ID] = true
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				cell := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				require.Less(t, cell[0], 24, "%s is wider than the page", p.Title)
				require.Empty(t, taken[cell], "%s overlaps", p.Title)
				taken[cell] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		require.NotEmpty(t, p.Description, "description of %s", p.Title)
		require.NotEmpty(t, p.FieldConfig.Defaults.Unit, "unit of %s", p.Title)
		require.Equal(t, chosen, p.Datasource, "data source of %s", p.Title)
		require.NotEmpty(t, p.Targets, "queries of %s", p.Title)
		refs := map[string]bool{}
		for _, target := range p.Targets {
			require.Equal(t, chosen, target.Datasource, "data source of %s", p.Title)
			require.False(t, refs[target.RefID], "%s has the query %s twice", p.Title, target.RefID)
			refs[target.RefID] = true
		}
	}
}

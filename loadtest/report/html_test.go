package report_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/health"
	"parley/loadtest/report"
)

// render writes a report as a page and returns what is not the library.
func render(t *testing.T, r report.Report) (page string, whole string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.html")
	require.NoError(t, r.HTML(path))
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	library, err := os.ReadFile("echarts/echarts.common.min.js")
	require.NoError(t, err)
	before, after, found := strings.Cut(string(b), string(library))
	require.True(t, found, "the library is in the page as it is")
	return before + after, string(b)
}

func TestPageNeedsNothingElse(t *testing.T) {
	page, whole := render(t, sample())
	require.NotRegexp(t, `(?i)(src|href)\s*=|@import|url\(`, page)
	require.Equal(t, 2, strings.Count(whole, "</script>"), "nothing in the library or the data ends a script")
}

func TestPageShowsTheReport(t *testing.T) {
	r := sample()
	r.Judge(rules(t, "connect.p99>2s", "typo.p99>1s"), report.Defaults(nil))
	page, _ := render(t, r)
	for _, want := range []string{
		`<h1>calls: <span class="failed">failed</span></h1>`,
		`<td>connect.p99&gt;2s</td><td>990ms</td><td class="passed">kept</td>`,
		`<td>typo.p99&gt;1s</td><td>not measured</td><td class="failed">broken</td>`,
		`<td>connect</td><td>100</td><td>2</td><td>98.03 %</td><td>500ms</td>`,
		`<td class="text">timeout</td><td>2</td><td class="text">room 7: &lt;the first&gt;</td>`,
		`<td>lost</td><td>1</td><td class="text">message 7 of room 3<br></td>`,
		`<td>resumes</td><td>3</td>`, `Warning: slow`, "{\n  &#34;calls&#34;: 100,\n  &#34;fail&#34;: &#34;p99&gt;1s&#34;\n}",
	} {
		require.Contains(t, page, want)
	}
	require.NotContains(t, page, "the first>")
}

func TestPageTellsOfAgents(t *testing.T) {
	r := sample()
	r.Agents = []report.Agent{
		{Address: "10.0.0.1:7070", Gone: "after 12s", Client: health.Health{Warnings: []string{"busy"}}},
		{Address: "10.0.0.2:7070", Failed: "no descriptors"},
	}
	page, _ := render(t, r)
	for _, want := range []string{
		"Run by the agents 10.0.0.1:7070, 10.0.0.2:7070.",
		"Warning: agent 10.0.0.1:7070: busy", "Warning: agent 10.0.0.1:7070 is gone after 12s",
		"Warning: agent 10.0.0.2:7070 could not run its share: no descriptors",
	} {
		require.Contains(t, page, want)
	}
}

func TestChartsHoldClientAndNodes(t *testing.T) {
	page, _ := render(t, sample())
	var titles []string
	series := map[string][][]float64{}
	for _, found := range regexp.MustCompile(`setOption\((.*)\);\n`).FindAllStringSubmatch(page, -1) {
		var option struct {
			Title  struct{ Text string }
			Series []struct {
				Name string
				Data []struct{ Value []float64 }
			}
		}
		require.NoError(t, json.Unmarshal([]byte(found[1]), &option))
		titles = append(titles, option.Title.Text)
		for _, s := range option.Series {
			for _, point := range s.Data {
				name := option.Title.Text + " " + s.Name
				series[name] = append(series[name], point.Value)
			}
		}
	}
	require.Equal(t, []string{
		"Done", "Failed", "Latency, p99", "Latency, p50", "What is there", "Processors in use", "Memory",
		"How late the client itself was", "Latency by percentile",
	}, titles)
	require.Equal(t, [][]float64{{1, 100}, {2, 0}}, series["Done connect"])
	require.Equal(t, [][]float64{{1, 2}, {2, 0}}, series["Failed connect"])
	require.Equal(t, [][]float64{{1, 12}, {2, 12}}, series["What is there client: sockets"])
	require.Equal(t, [][]float64{{1, 10}, {2, 12}}, series["What is there nodes: connections"])
	require.Equal(t, [][]float64{{2, 1}}, series["Processors in use nodes"])
	require.Len(t, series["Latency by percentile connect"], 110)

	empty, _ := render(t, report.Report{Load: "calls"})
	require.NotContains(t, empty, "setOption")
}

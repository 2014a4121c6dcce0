package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"

	"parley/loadtest/measure"
)

// library is Apache ECharts 5.6.0, its common build; see echarts/LICENSE. It is in
// the page: a report is to be read where there is no network, and in years.
//
//go:embed echarts/echarts.common.min.js
var library string

//go:embed page.tmpl
var pageTemplate string

// page is what the template shows.
type page struct {
	Report
	Library  template.JS
	Charts   []chart
	Stages   []stageRow
	Failing  bool // some stage has failures
	Warnings []string
}

// stageRow is a stage's line in the table.
type stageRow struct {
	Name               string
	Record             measure.StageRecord
	Success            string
	P50, P95, P99, Max string
}

// HTML writes the report as one file that needs no other.
func (r Report) HTML(path string) error {
	t, err := template.New("page").Funcs(template.FuncMap{"long": long, "shown": Result.shown, "indented": indented}).Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	p := page{Report: r, Library: template.JS(library), Charts: r.charts(), Warnings: r.warnings()} //nolint:gosec // the library is our own file
	for _, name := range r.Recorded.StageNames() {
		s := r.Recorded.Stages[name]
		p.Failing = p.Failing || s.Failed > 0
		p.Stages = append(p.Stages, stageRow{
			Name: name, Record: s, Success: percent(s.Success()),
			P50: short(s.Latency.Quantile(0.50)), P95: short(s.Latency.Quantile(0.95)),
			P99: short(s.Latency.Quantile(0.99)), Max: short(s.Latency.Max()),
		})
	}
	var out bytes.Buffer
	if err := t.Execute(&out, p); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return save(path, out.Bytes())
}

// indented is JSON for people.
func indented(raw json.RawMessage) string {
	var out bytes.Buffer
	if json.Indent(&out, raw, "", "  ") != nil {
		return string(raw)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(out.String())
}

package report

import (
	"maps"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"parley/loadtest/measure"
)

// chart is a diagram of the page, in the terms of ECharts.
type chart struct {
	Timed  bool // over the time of the run, as most are
	Option map[string]any
}

// lines are a chart's: points by name.
type lines map[string][]opts.LineData

// put adds a point.
func (l lines) put(name string, x measure.Seconds, y float64) {
	l[name] = append(l[name], opts.LineData{Value: []float64{float64(x), y}})
}

// timed makes a chart over the time of the run; nothing where there are no points.
func timed(title, unit string, points lines) []chart {
	return draw(title, points, true, opts.XAxis{Type: "value", Name: "s"}, opts.YAxis{Type: "value", Name: unit})
}

func draw(title string, points lines, isTimed bool, x opts.XAxis, y opts.YAxis) []chart {
	if len(points) == 0 {
		return nil
	}
	line := charts.NewLine()
	line.SetGlobalOptions(
		charts.WithTitleOpts(opts.Title{Title: title}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "28", Type: "scroll"}),
		charts.WithGridOpts(opts.Grid{Top: "76", Left: "70", Right: "30", Bottom: "30"}),
		charts.WithXAxisOpts(x), charts.WithYAxisOpts(y),
	)
	for _, name := range slices.Sorted(maps.Keys(points)) {
		line.AddSeries(name, points[name], charts.WithLineChartOpts(opts.LineChart{ShowSymbol: opts.Bool(len(points[name]) < 3)}))
	}
	line.Validate()
	return []chart{{Timed: isTimed, Option: line.JSON()}}
}

// percentileAxis and logarithmic are the axes of a distribution.
func percentileAxis() opts.XAxis { return opts.XAxis{Type: "value", Name: "%", Max: 100} }

func logarithmic() opts.YAxis { return opts.YAxis{Type: "log", Name: "ms"} }

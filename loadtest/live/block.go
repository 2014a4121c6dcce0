package live

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"parley/loadtest/measure"
)

// Size is a terminal's, in characters.
type Size struct{ Width, Height int }

// others are the lines of a terminal that are not a stage's: the bar, what is so now,
// the names of the columns, how many stages are not shown, the cursor's, and one above
// it all, for some terminals keep what is erased from their first line on.
const others = 6

// block writes what is so now and a table of the stages: all of each, and its latest
// second. It fits the terminal, which could not be drawn over otherwise.
func (t *tally) block(w io.Writer, latest measure.Sample, size Size) {
	var text strings.Builder
	head(&text, latest)
	line(w, size, text.String())

	all := t.begun()
	shown := t.foremost(all, size.Height-others)
	longest := len("stage")
	for _, name := range shown {
		longest = max(longest, len(name))
	}
	row := func(cells ...string) {
		line(w, size, fmt.Sprintf("  %-*s %9s %9s %8s %8s %8s %7s", longest,
			cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]))
	}
	row("stage", "done", "/s", "p50", "p99", "max", "failed")
	for _, name := range shown {
		all, now := t.stages[name], latest.Stages[name]
		row(name, strconv.FormatInt(all.Done, 10), fmt.Sprintf("%.1f", rate(now.Done, latest.Over)),
			brief(now.P50), brief(now.P99), brief(all.Max), strconv.FormatInt(all.Failed, 10))
	}
	if left := len(all) - len(shown); left > 0 {
		line(w, size, fmt.Sprintf("  and %d more", left))
	}
}

// begun are the stages that something has come to, by name.
func (t *tally) begun() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(t.stages)) {
		if s := t.stages[name]; s.Done+s.Failed > 0 {
			names = append(names, name)
		}
	}
	return names
}

// foremost are as many stages as there is place for, by name: those with failures
// before others, and then those that most has come to.
func (t *tally) foremost(names []string, place int) []string {
	if len(names) <= place {
		return names
	}
	some := slices.SortedStableFunc(slices.Values(names), func(a, b string) int {
		x, y := t.stages[a], t.stages[b]
		return cmp.Or(cmp.Compare(y.Failed, x.Failed), cmp.Compare(y.Done, x.Done))
	})[:max(place, 0)]
	slices.Sort(some)
	return some
}

// line writes a line, cut off where the terminal ends.
func line(w io.Writer, size Size, text string) {
	if runes := []rune(text); len(runes) > size.Width {
		text = string(runes[:size.Width])
	}
	fmt.Fprintln(w, text)
}

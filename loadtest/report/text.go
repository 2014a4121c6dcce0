package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"parley/loadtest/measure"
)

// Text writes the report for a terminal.
func (r Report) Text(w io.Writer) {
	stopped := ""
	if r.Stopped {
		stopped = ", stopped before its end"
	}
	fmt.Fprintf(w, "%s against %s: %s%s\n\n", r.Load, strings.Join(r.Target, ", "), long(r.Elapsed), stopped)
	r.stages(w)
	r.failures(w)
	r.faults(w)
	r.figures(w)
	for _, warning := range r.warnings() {
		fmt.Fprintf(w, "WARNING: %s\n", warning)
	}
	r.verdict(w)
}

// warnings are the load's own, and those of the processes that ran it.
func (r Report) warnings() []string {
	list := slices.Concat(r.Recorded.Warnings, r.Client.Warnings)
	for _, a := range r.Agents {
		list = append(list, a.warnings()...)
	}
	return list
}

func (r Report) stages(w io.Writer) {
	table, flush := newTable(w)
	fmt.Fprint(table, "stage\tdone\tfailed\tsuccess\tp50\tp95\tp99\tmax\t\n")
	for _, name := range r.Recorded.StageNames() {
		s := r.Recorded.Stages[name]
		l := s.Latency
		if s.Done()+s.Failed == 0 {
			continue // nothing came to it
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t\n", name, s.Done(), s.Failed, percent(s.Success()),
			short(l.Quantile(0.50)), short(l.Quantile(0.95)), short(l.Quantile(0.99)), short(l.Max()))
	}
	flush()
}

// newTable aligns columns that end in tabs, and writes them when it is flushed.
func newTable(w io.Writer) (table io.Writer, flush func()) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	return t, func() { _ = t.Flush() } // the terminal is all that could fail
}

func (r Report) failures(w io.Writer) {
	head := "\nfailures, by cause, with the first of each:\n"
	for _, name := range r.Recorded.StageNames() {
		causes := r.Recorded.Stages[name].Causes
		for _, cause := range byCount(causes, func(c measure.Cause) int64 { return c.Count }) {
			fmt.Fprintf(w, "%s  %s: %d × %s: %s\n", head, name, causes[cause].Count, cause, causes[cause].Example)
			head = ""
		}
	}
}

func (r Report) faults(w io.Writer) {
	head := "\nFAULTS, with the first of each:\n"
	for _, kind := range measure.FaultKinds() {
		f := r.Recorded.Faults[kind]
		if f.Count == 0 {
			continue
		}
		fmt.Fprintf(w, "%s  %s: %d\n", head, kind, f.Count)
		head = ""
		for _, example := range f.Examples {
			fmt.Fprintf(w, "    %s\n", example)
		}
	}
}

// figures writes what was counted, and what was so at the end.
func (r Report) figures(w io.Writer) {
	fmt.Fprintln(w)
	for _, all := range []map[string]int64{r.Recorded.Counters, r.Recorded.Gauges} {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if all[name] != 0 {
				fmt.Fprintf(w, "%s: %d\n", name, all[name])
			}
		}
	}
}

func (r Report) verdict(w io.Writer) {
	for _, rule := range r.Rules {
		switch {
		case !rule.Measured:
			fmt.Fprintf(w, "BROKEN  %s: nothing was measured\n", rule.Rule)
		case rule.Broken:
			fmt.Fprintf(w, "BROKEN  %s: it is %s\n", rule.Rule, rule.shown())
		case !rule.Default:
			fmt.Fprintf(w, "kept    %s: it is %s\n", rule.Rule, rule.shown())
		}
	}
	if r.Passed {
		fmt.Fprintln(w, "PASSED")
	} else {
		fmt.Fprintln(w, "FAILED")
	}
}

// shown is a result's value, in the unit of its rule.
func (r Result) shown() string {
	subject, _, _ := strings.Cut(strings.NewReplacer("<", "=", ">", "=", "!", "=").Replace(r.Rule), "=")
	switch _, metric := cutLast(subject); {
	case isTime(metric):
		return short(measure.Seconds(r.Value))
	case metric == "success":
		return percent(r.Value)
	}
	return fmt.Sprintf("%.6g", r.Value)
}

// byCount sorts names by how much there is of each, the most first.
func byCount[V any](values map[string]V, count func(V) int64) []string {
	return slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		if x, y := count(values[a]), count(values[b]); x != y {
			return int(y - x)
		}
		return strings.Compare(a, b)
	})
}

// percent rounds down, so that only all is 100 %.
func percent(share float64) string {
	text := fmt.Sprintf("%.2f %%", float64(int(share*10_000))/100)
	return strings.Replace(text, ".00 %", " %", 1)
}

// short is a latency with three digits, "-" if there is none.
func short(s measure.Seconds) string {
	if s == 0 {
		return "-"
	}
	d := s.Duration()
	for _, unit := range []time.Duration{time.Second, time.Millisecond} {
		if d >= 100*unit {
			return d.Round(unit).String()
		}
		if d >= 10*unit {
			return d.Round(unit / 10).String()
		}
		if d >= unit {
			return d.Round(unit / 100).String()
		}
	}
	return d.Round(time.Microsecond).String()
}

func long(s measure.Seconds) string { return s.Duration().Round(100 * time.Millisecond).String() }

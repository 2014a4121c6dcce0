package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Layout is which columns a table has.
type Layout struct {
	Subject string   // whose figures are held against targets
	Base    string   // whose they are compared with; empty: nobody's
	Beside  []string // others to show
	All     bool     // details too
}

// Write prints the report for a person.
func (r *Report) Write(w io.Writer, l Layout) error {
	s, m := r.Setup, r.Machine
	fmt.Fprintf(w, "%d CPUs, %s %s, Linux %s, %s, 4 KiB to disk in %s ms\n",
		m.CPUs, m.Go, m.Arch, m.Kernel, s.placement(), Number(m.SyncMS))
	fmt.Fprintf(w, "Median of %d (least–most), %gs a load\n", s.Runs, s.DurationS)
	for _, row := range r.Rows {
		lines := r.lines(row.Name, l.All)
		if len(lines) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s: %s\n", row.Name, row.About)
		if err := l.section(w, lines); err != nil {
			return err
		}
	}
	for _, failure := range r.Failures {
		fmt.Fprintf(w, "\nNot measured: %s\n", failure)
	}
	return nil
}

func (s Setup) placement() string {
	if s.Pinned {
		return "server and client on one CPU each"
	}
	return "server and client share the CPUs"
}

// section prints the figures of one row.
func (l Layout) section(w io.Writer, lines [][]*Figure) error {
	beside := slices.DeleteFunc(slices.Clone(l.Beside), func(subject string) bool {
		return !slices.ContainsFunc(lines, func(line []*Figure) bool { return of(line, subject) != nil })
	})
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	cells := io.Writer(table) // what fails is told by Flush
	head := []string{"", "", "reached", "target", ""}
	if l.Base != "" {
		head = []string{"", "", l.Base, l.Subject, "change", "target", ""}
	}
	fmt.Fprintf(cells, "  %s\t\n", strings.Join(append(head, beside...), "\t"))
	for _, line := range lines {
		fmt.Fprintf(cells, "  %s\t\n", strings.Join(l.cells(line, beside), "\t"))
	}
	return table.Flush()
}

func (l Layout) cells(line []*Figure, beside []string) []string {
	own := of(line, l.Subject)
	out := []string{line[0].Name, line[0].Unit}
	if l.Base != "" {
		base := of(line, l.Base)
		out = append(out, reached(base), reached(own), change(base, own))
	} else {
		out = append(out, reached(own))
	}
	out = append(out, verdict(own)...)
	for _, subject := range beside {
		out = append(out, reached(of(line, subject)))
	}
	return append(out, notes(line))
}

func reached(f *Figure) string {
	if f == nil {
		return "–"
	}
	return f.reached()
}

// verdict is the target and whether it is met.
func verdict(f *Figure) []string {
	switch {
	case f == nil || f.Target == nil:
		return []string{"", ""}
	case f.Target.met(f.Median()):
		return []string{f.Target.String(), "met"}
	}
	return []string{f.Target.String(), "missed"}
}

// change is what the medians differ by, and whether the runs do.
func change(base, now *Figure) string {
	if base == nil || now == nil || base.Median() == 0 {
		return "–"
	}
	percent := fmt.Sprintf("%+.1f %%", (now.Median()/base.Median()-1)*100)
	if !apart(base, now) {
		return percent + " (runs overlap)"
	}
	return percent
}

// notes are what is to be said of the figures of a line, and of whose if not of
// all.
func notes(line []*Figure) string {
	var said []string
	of := map[string][]string{}
	for _, f := range line {
		for _, note := range f.Notes {
			if of[note] == nil {
				said = append(said, note)
			}
			of[note] = append(of[note], f.Subject)
		}
	}
	for i, note := range said {
		if len(of[note]) < len(line) {
			said[i] = strings.Join(of[note], ", ") + ": " + note
		}
	}
	return strings.Join(said, "; ")
}

package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// write prints the report for a person.
func (r report) write(w io.Writer) error {
	s, m := r.Setup, r.Machine
	fmt.Fprintf(w, "%d sockets in rooms of %d, %d frames under way, %gs a load, median of %d\n",
		s.Sockets, s.Room, s.Outstanding, s.DurationS, s.Runs)
	fmt.Fprintf(w, "%d CPUs, %s %s, %s, 4 KiB to disk in %s ms\n",
		m.CPUs, m.Go, m.Arch, s.placement(), figure(m.SyncMS, 2))
	if slices.ContainsFunc(r.Rows, func(x row) bool { return x.OthersBusy > disturbed }) {
		fmt.Fprintln(w, "The machine had other work to do: rates are too low and times too high.")
	}
	fmt.Fprintf(w, "\nFor each idle socket Go heap and stacks grew by %s bytes and the process by %s (RSS), to %s MiB in all\n\n",
		figure(r.Idle.Heap, 0), figure(r.Idle.RSS, 0), figure(r.Idle.All/(1<<20), 1))

	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	cells := io.Writer(table) // what fails is told by Flush
	fmt.Fprintln(cells, "\tper s\tdeliv./s\tack p50\tp99 ms\tdeliv. p50\tp99 ms\tCPU µs each\tper deliv.\tserver CPU\tclient\tother\t")
	for _, x := range r.Rows {
		fmt.Fprintf(cells, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", x.Name,
			figure(x.Rate, 0), figure(x.Deliveries, 0),
			figure(x.AnswerP50, 2), figure(x.AnswerP99, 2), figure(x.DeliveryP50, 2), figure(x.DeliveryP99, 2),
			figure(x.PerOp, 1), figure(x.PerDelivery, 1),
			percent(x.ServerBusy), percent(x.ClientBusy), percent(x.OthersBusy), remark(x))
	}
	return table.Flush()
}

func (s setup) placement() string {
	if s.Pinned {
		return "server and client on one CPU each"
	}
	return "server and client share the CPUs"
}

func remark(x row) string {
	if x.ClientLimited {
		return "  the client was the bottleneck"
	}
	return ""
}

// figure prints n, and a dash for what was not measured.
func figure(n float64, decimals int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%.*f", decimals, n)
}

func percent(of float64) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f%%", of*100)
}

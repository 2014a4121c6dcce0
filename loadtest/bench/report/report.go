package report

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Report is figures and under which circumstances they came about.
type Report struct {
	Machine  Machine   `json:"machine"`
	Setup    Setup     `json:"setup"`
	Rows     []Row     `json:"rows"`
	Figures  []*Figure `json:"figures"`
	Failures []string  `json:"failures,omitempty"` // what could not be measured, and why
}

// Machine is where it was measured.
type Machine struct {
	CPUs   int     `json:"cpus"`
	Go     string  `json:"go"`
	Arch   string  `json:"arch"`
	Kernel string  `json:"kernel"`
	SyncMS float64 `json:"sync_ms"` // 4 KiB to the disk of the data
}

// Setup is how it was measured.
type Setup struct {
	Runs      int     `json:"runs"`
	DurationS float64 `json:"duration_s"` // of a load
	Pinned    bool    `json:"pinned"`     // server and client have one processor each
}

// Row is one thing that is measured.
type Row struct {
	Name  string `json:"name"`
	About string `json:"about"` // a line that says how
}

// Add adds a run's number to the figure that it is of. What is said with it
// besides is kept of the first time, and every note once.
func (r *Report) Add(f Figure, value float64) {
	at := slices.IndexFunc(r.Figures, func(known *Figure) bool {
		return known.Row == f.Row && known.Name == f.Name && known.Subject == f.Subject
	})
	if at < 0 {
		at = len(r.Figures)
		f.Runs, f.Notes = nil, slices.Clone(f.Notes)
		r.Figures = append(r.Figures, &f)
	}
	known := r.Figures[at]
	known.Runs = append(known.Runs, value)
	for _, note := range f.Notes {
		if !slices.Contains(known.Notes, note) {
			known.Notes = append(known.Notes, note)
		}
	}
}

// Fail notes what could not be measured.
func (r *Report) Fail(row, subject string, err error) {
	r.Failures = append(r.Failures, fmt.Sprintf("%s, %s: %v", row, subject, err))
}

// JSON is the report for a program.
func (r *Report) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return append(b, '\n'), nil
}

// lines are the figures of a row, those of one name together.
func (r *Report) lines(row string, all bool) (lines [][]*Figure) {
	at := map[string]int{}
	for _, f := range r.Figures {
		if f.Row != row || (f.Detail && !all) {
			continue
		}
		i, ok := at[f.Name]
		if !ok {
			i = len(lines)
			at[f.Name] = i
			lines = append(lines, nil)
		}
		lines[i] = append(lines[i], f)
	}
	return lines
}

// of finds a subject's figure on a line; nil: there is none.
func of(line []*Figure, subject string) *Figure {
	for _, f := range line {
		if f.Subject == subject {
			return f
		}
	}
	return nil
}

// Run is the number of a figure that the nth run gave, counted from 0, as long as
// every run before gave one too.
func (r *Report) Run(row, name, subject string, nth int) (float64, bool) {
	for _, f := range r.Figures {
		if f.Row == row && f.Name == name && f.Subject == subject && nth < len(f.Runs) {
			return f.Runs[nth], true
		}
	}
	return 0, false
}

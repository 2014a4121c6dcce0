package report

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"parley/loadtest/health"
	"parley/loadtest/measure"
	"parley/loadtest/target"
)

// Report is what a run leaves behind.
type Report struct {
	Tool    Tool            `json:"tool"`
	Load    string          `json:"load"` // what ran: calls, chat, the name of a scenario
	Options json.RawMessage `json:"options"`
	Target  []string        `json:"target"` // base URLs

	Started time.Time       `json:"started"`
	Elapsed measure.Seconds `json:"elapsed"`
	Stopped bool            `json:"stopped"` // before it was over, by who ran it

	Recorded measure.Snapshot `json:"recorded"`
	Server   []ServerSample   `json:"server,omitempty"` // where admin URLs are known
	Client   health.Health    `json:"client"`
	Agents   []Agent          `json:"agents,omitempty"` // where the load ran, if not here
	Rules    []Result         `json:"rules"`
	Passed   bool             `json:"passed"`
}

// Tool names what made a report.
type Tool struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
}

// ServerSample is what the nodes said of themselves at a moment, all added up.
type ServerSample struct {
	At      measure.Seconds `json:"at"`
	Metrics target.Metrics  `json:"metrics"`
}

// Write keeps the report as JSON.
func (r Report) Write(path string) error {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return save(path, append(b, '\n'))
}

// Read reads a report that was written.
func Read(path string) (r Report, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return r, fmt.Errorf("report: %w", err)
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("report: %s: %w", path, err)
	}
	if r.Load == "" {
		return r, fmt.Errorf("report: %s is no report of a load test", path)
	}
	return r, nil
}

// Writable says why a report could not be written to a path, before a run of hours
// finds it out. What is there stays as it is, and what is not there is not made.
func Writable(path string) error {
	_, missing := os.Stat(path)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if missing != nil {
		_ = os.Remove(path)
	}
	return f.Close()
}

func save(path string, b []byte) error {
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

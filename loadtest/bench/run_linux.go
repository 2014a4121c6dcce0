package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"parley/loadtest/bench/floor"
	"parley/loadtest/bench/host"
	"parley/loadtest/bench/report"
)

// Subjects of the figures.
const (
	subjectNow  = "parley"
	subjectBase = "base"
)

// subject is who is measured: a server, or the floor in one of its modes.
type subject struct {
	name   string
	binary string
	floor  floor.Mode // empty: a server
}

// lab is one use of this program.
type lab struct {
	// static
	o    options
	cpus host.Processors
	http *http.Client
	said io.Writer // how far it is

	report *report.Report
}

// run measures what is asked for, as often as asked, and prints what came of it.
func run(ctx context.Context, o options, stdout, stderr io.Writer) error {
	// The server dies with the thread that started it, and inherits its
	// processors.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cpus, err := host.NewProcessors(o.pin)
	if err != nil {
		return err
	}
	defer func() { _ = cpus.Release() }()
	l := &lab{o: o, cpus: cpus, said: stderr, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: restAtOnce}}}
	defer l.http.CloseIdleConnections()
	if l.report, err = newReport(o, cpus.Pinned()); err != nil {
		return err
	}
	rows := chosen(o)
	for _, r := range rows {
		l.report.Rows = append(l.report.Rows, report.Row{Name: r.name, About: r.about})
	}
	for nth := range o.runs {
		if err := l.runOnce(ctx, rows, nth); err != nil {
			return err
		}
	}
	return l.publish(stdout)
}

// runOnce measures every row once. What one row fails at is noted, and does not
// keep the others from being measured; that the one who measures ends it does.
func (l *lab) runOnce(ctx context.Context, rows []row, nth int) error {
	for _, r := range rows {
		for _, s := range l.subjects(r, nth) {
			t := &trial{lab: l, row: r.name, subject: s}
			began := time.Now()
			err := r.measure(t, ctx)
			fmt.Fprintf(l.said, "run %d of %d: %s, %s: %.1fs\n", nth+1, l.o.runs, r.name, s.name, time.Since(began).Seconds())
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err != nil {
				l.report.Fail(r.name, s.name, err)
			}
		}
		if r.conclude != nil {
			r.conclude(l.report, nth)
		}
	}
	return nil
}

// subjects are whom a row measures, in an order that changes from run to run, so
// that what drifts with time does not favor one of them.
func (l *lab) subjects(r row, nth int) []subject {
	now := subject{name: subjectNow, binary: l.o.binary}
	if l.o.base != "" {
		base := subject{name: subjectBase, binary: l.o.base}
		if nth%2 == 1 {
			return []subject{now, base}
		}
		return []subject{base, now}
	}
	all := []subject{now}
	if !l.o.floors {
		return all
	}
	for _, mode := range r.floors {
		s := subject{name: floorName(mode), binary: l.o.self, floor: mode}
		if nth%2 == 1 {
			all = append([]subject{s}, all...)
		} else {
			all = append(all, s)
		}
	}
	return all
}

func floorName(mode floor.Mode) string {
	if mode == floor.Each {
		return "floor, a send each"
	}
	return "floor"
}

func newReport(o options, pinned bool) (*report.Report, error) {
	synced, err := host.SyncTime(o.folder())
	if err != nil {
		return nil, err
	}
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return nil, fmt.Errorf("uname: %w", err)
	}
	return &report.Report{
		Machine: report.Machine{
			CPUs: runtime.NumCPU(), Go: runtime.Version(), Arch: runtime.GOARCH,
			Kernel: unix.ByteSliceToString(name.Release[:]), SyncMS: ms(synced),
		},
		Setup: report.Setup{Runs: o.runs, DurationS: o.duration.Seconds(), Pinned: pinned},
	}, nil
}

// folder is where the server's data is to be.
func (o options) folder() string {
	if o.data == "" {
		return os.TempDir()
	}
	return o.data
}

// errIncomplete is a report with holes.
var errIncomplete = errors.New("not all could be measured")

// publish prints the report and writes it where it was asked for.
func (l *lab) publish(stdout io.Writer) error {
	layout := report.Layout{
		Subject: subjectNow, All: l.o.all, Beside: []string{floorName(floor.Coalesced), floorName(floor.Each)},
	}
	if l.o.base != "" {
		layout.Base = subjectBase
	}
	if err := l.report.Write(stdout, layout); err != nil {
		return err
	}
	if l.o.json != "" {
		b, err := l.report.JSON()
		if err == nil {
			err = os.WriteFile(l.o.json, b, 0o600)
		}
		if err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	if len(l.report.Failures) > 0 {
		return errIncomplete
	}
	return nil
}

// runFloor is the floor, until ctx ends. It says where it listens.
func runFloor(ctx context.Context, mode string, stdout io.Writer) error {
	f, err := floor.Listen(floor.Mode(mode))
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s http://%s\n", greeting, f.Addr())
	return f.Serve(ctx)
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
)

// run measures as often as asked and prints what came of it.
func run(ctx context.Context, o options, stdout io.Writer) error {
	// The server dies with the thread that started it, and inherits its
	// processors.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cpus, err := newPlacement(o.pin)
	if err != nil {
		return err
	}
	defer func() { _ = moveAll(cpus.all) }()
	var reports []report
	for range o.runs {
		r, err := runOnce(ctx, o, cpus)
		if err != nil {
			return err
		}
		reports = append(reports, r)
	}
	r := medians(reports)
	if err := r.write(stdout); err != nil {
		return err
	}
	if o.json == "" {
		return nil
	}
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return os.WriteFile(o.json, append(b, '\n'), 0o600) //nolint:gosec // G703: where the one who measures wants it
}

// runOnce measures one server.
func runOnce(ctx context.Context, o options, cpus placement) (_ report, err error) {
	hc := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: restAtOnce}}
	defer hc.CloseIdleConnections()
	s, err := launch(ctx, o, hc, cpus)
	if err != nil {
		return report{}, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	r := report{
		Machine: machine{
			CPUs: runtime.NumCPU(), Go: runtime.Version(), Arch: runtime.GOARCH,
			SyncMS: ms(s.sync),
		},
		Setup: setup{
			Sockets: o.sockets, Room: o.room, Outstanding: o.outstanding,
			DurationS: o.duration.Seconds(), Pinned: cpus.pinned(), ServerCPUs: runtime.NumCPU(),
		},
	}
	if cpus.pinned() {
		r.Setup.ServerCPUs = 1
	}
	b, err := newBench(ctx, o, s, hc)
	if err != nil {
		return r, err
	}
	defer b.swarm.Close()
	r.Idle, r.Rows, err = b.measure(ctx)
	return r, err
}

// launch finds or starts the server and moves this process out of its way.
func launch(ctx context.Context, o options, hc *http.Client, cpus placement) (*server, error) {
	if o.addr != "" {
		return find(o, hc)
	}
	if err := moveThread(cpus.server); err != nil {
		return nil, err
	}
	s, err := start(ctx, o, hc, cpus.pinned())
	if err != nil {
		return nil, err
	}
	if err := moveAll(cpus.client); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

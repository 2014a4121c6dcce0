package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"parley/loadtest/target"
)

// admin is the server's admin listener.
type admin struct {
	base string // such as http://127.0.0.1:9090
	http *http.Client
}

// collect has the server collect its garbage.
func (a admin) collect(ctx context.Context) error {
	return a.get(ctx, "/debug/pprof/heap?gc=1", io.Discard)
}

// heap is what the server's Go heap and stacks hold, in bytes.
func (a admin) heap(ctx context.Context) (int64, error) {
	return a.gauges(ctx, "go_memstats_heap_alloc_bytes", "go_memstats_stack_inuse_bytes")
}

// gauges adds up some of the server's metrics.
func (a admin) gauges(ctx context.Context, names ...string) (int64, error) {
	var page bytes.Buffer
	if err := a.get(ctx, "/metrics", &page); err != nil {
		return 0, err
	}
	return sumGauges(&page, names...)
}

func sumGauges(page io.Reader, names ...string) (int64, error) {
	metrics := target.Metrics{}
	if err := metrics.Add(page); err != nil {
		return 0, err
	}
	var sum float64
	for _, name := range names {
		v, ok := metrics[name]
		if !ok {
			return 0, fmt.Errorf("metrics: no %s", name)
		}
		sum += v
	}
	return int64(sum), nil
}

// profile saves a CPU profile of the server over so long, rounded to seconds.
func (a admin) profile(ctx context.Context, d time.Duration, path string) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return a.get(ctx, fmt.Sprintf("/debug/pprof/profile?seconds=%.0f", max(d.Seconds(), 1)), f)
}

func (a admin) get(ctx context.Context, path string, to io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+path, nil)
	if err != nil {
		return fmt.Errorf("admin: %w", err)
	}
	res, err := a.http.Do(req)
	if err != nil {
		return fmt.Errorf("admin: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("admin: %s answered %s", path, res.Status)
	}
	if _, err := io.Copy(to, res.Body); err != nil {
		return fmt.Errorf("admin: %s: %w", path, err)
	}
	return nil
}

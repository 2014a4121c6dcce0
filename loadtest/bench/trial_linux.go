package main

import (
	"context"
	"errors"
	"math"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

// trial is one row, measured once, of one subject.
type trial struct {
	*lab
	row     string
	subject subject
}

// tell adds a figure to the report. What is no number is left out: nothing was
// there to measure.
func (t *trial) tell(f report.Figure, value float64, notes ...string) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return
	}
	f.Row, f.Subject, f.Notes = t.row, t.subject.name, append(f.Notes, notes...)
	t.report.Add(f, value)
}

// detail adds a figure that is shown only if all is asked for.
func (t *trial) detail(name, unit string, value float64) {
	t.tell(report.Figure{Name: name, Unit: unit, Detail: true}, value)
}

// circumstances adds the details that every load has.
func (t *trial) circumstances(name string, m measured) {
	t.detail(name+", delivery p50", "ms", ms(m.Delivery.Percentile(50)))
	t.detail(name+", delivery p99", "ms", ms(m.Delivery.Percentile(99)))
	t.detail(name+", server busy", "%", percent(m.spent.server, m.Elapsed))
	t.detail(name+", client busy", "%", percent(m.spent.client, m.Elapsed))
	t.detail(name+", others busy", "%", percent(m.spent.others(), m.Elapsed))
}

// stage is a server of one trial and the client's sockets to it.
type stage struct {
	*trial
	settings settings
	server   *server
	others   []*server // nodes beside it
	swarm    *swarm.Swarm
	edge     func() error // called where a window begins and ends, if it is set
	imagined int          // rooms, of the floor
}

// on measures with a server of its own.
func (t *trial) on(ctx context.Context, set settings, measure func(*stage) error) (err error) {
	s := &stage{trial: t, settings: set}
	remove, err := s.settings.prepare(t.o.folder())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop(), remove()) }()
	if err := s.start(ctx); err != nil {
		return err
	}
	return measure(s)
}

func (s *stage) start(ctx context.Context) (err error) {
	if s.server, err = s.launch(ctx, s.subject, s.settings); err != nil {
		return err
	}
	s.swarm, err = swarm.New(s.server.addr)
	return err
}

func (s *stage) stop() error {
	if s.swarm != nil {
		s.swarm.Close()
		s.swarm = nil
	}
	if s.server == nil {
		return nil
	}
	s.settings.client(s.http).CloseIdleConnections()
	err := s.server.child.Stop()
	for _, node := range s.others {
		err = errors.Join(err, node.child.Stop())
	}
	s.server, s.others = nil, nil
	return err
}

// restart starts the server again on the same data, so that nothing is left in
// its memory of how users and rooms were made.
func (s *stage) restart(ctx context.Context) error {
	if err := s.stop(); err != nil {
		return err
	}
	return s.start(ctx)
}

// open opens sockets, some at a time, and tells what that cost.
func (s *stage) open(ctx context.Context, dials []swarm.Dial) (measured, error) {
	before, err := s.spent()
	if err != nil {
		return measured{}, err
	}
	r, err := s.swarm.Open(ctx, dials, joinsAtOnce)
	if err != nil {
		return measured{}, err
	}
	after, err := s.spent()
	return measured{Result: r, spent: after.since(before)}, err
}

// sustain measures loads side by side. All of what was spent is told with each.
func (s *stage) sustain(ctx context.Context, name string, loads ...swarm.Load) ([]measured, error) {
	return s.window(ctx, name, swarm.Window{Warm: s.o.duration / 5, Measured: s.o.duration}, loads...)
}

func (s *stage) window(ctx context.Context, name string, w swarm.Window, loads ...swarm.Load) ([]measured, error) {
	var before, after usage
	var received int64
	profiled := func() error { return nil }
	w.Begin = func() (err error) {
		profiled = s.profiled(ctx, name, w.Measured)
		received = -s.swarm.Counts().Bytes
		before, err = s.spent()
		return errors.Join(err, s.passEdge())
	}
	w.End = func() (err error) {
		received += s.swarm.Counts().Bytes
		after, err = s.spent()
		return errors.Join(err, s.passEdge())
	}
	results, err := s.swarm.Sustain(ctx, w, loads...)
	if err := errors.Join(err, profiled()); err != nil {
		return nil, err
	}
	if len(loads) == 0 {
		results = []swarm.Result{{Elapsed: w.Measured}}
	}
	out := make([]measured, len(results))
	for i, r := range results {
		out[i] = measured{r, after.since(before), received}
	}
	return out, nil
}

func (s *stage) passEdge() error {
	if s.edge == nil {
		return nil
	}
	return s.edge()
}

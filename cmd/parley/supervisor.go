package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"
)

// node is what a supervisor runs; an *app.App is one.
type node interface {
	Stop(context.Context) error
	Addr() string
	AdminAddr() string
	Failed() <-chan error // a listener died
	Reload()              // read the certificate again
}

var (
	errAtOnce    = errors.New("stopped at once by a second signal")
	errCalledOff = errors.New("start called off by a signal")
)

// supervisor leads one node from start to stop; static.
type supervisor struct {
	signals <-chan os.Signal
	hangups <-chan os.Signal
	grace   time.Duration
	log     *slog.Logger
	launch  func(context.Context) (node, error)
	started func(node)
}

// run blocks until the node has ended: by a signal (nil), by a second one
// (errAtOnce), or because it could not start, go on or stop in time.
func (s supervisor) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	n, err := s.start(ctx, cancel)
	if errors.Is(err, errCalledOff) {
		s.log.Info(err.Error())
		return nil
	}
	if err != nil {
		return err
	}
	cause := s.live(n)
	return errors.Join(cause, s.stop(ctx, n))
}

// live returns when the node has to stop: with nil if that is by a signal.
func (s supervisor) live(n node) error {
	failed := n.Failed()
	for {
		select {
		case <-s.hangups:
			n.Reload()
		case signal := <-s.signals:
			s.log.Info("stopping", "signal", signal.String(), "grace", s.grace.String())
			return nil
		case err := <-failed:
			s.log.Error("stopping", "error", err)
			return fmt.Errorf("node failed: %w", err)
		}
	}
}

// start returns errCalledOff if a signal came before the node was up.
func (s supervisor) start(ctx context.Context, cancel func()) (node, error) {
	type result struct {
		node node
		err  error
	}
	done := make(chan result, 1)
	go func() {
		n, err := s.launch(ctx)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			return nil, fmt.Errorf("start: %w", r.err)
		}
		s.started(r.node)
		return r.node, nil
	case <-s.signals:
		cancel()
	}
	select {
	case r := <-done:
		if r.err != nil {
			return nil, errCalledOff
		}
		return nil, cmp.Or(s.stop(ctx, r.node), errCalledOff)
	case <-s.signals:
		return nil, errAtOnce
	}
}

// stop waits for the node to end, for its grace, or for the next signal.
func (s supervisor) stop(ctx context.Context, n node) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.grace)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- n.Stop(ctx) }()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("stop: %w", err)
		}
		s.log.Info("stopped")
		return nil
	case <-s.signals:
		return errAtOnce
	}
}

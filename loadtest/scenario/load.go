package scenario

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/loadtest/measure"
	"parley/loadtest/pause"
	"parley/loadtest/target"
)

// Load is a scenario that can run.
type Load struct {
	pieces []piece // static
	users  int     // static: that all of them need, who are the same
}

// piece is a layer in its place.
type piece struct {
	made

	part string // of the run that it records in
	at   time.Duration
}

// New makes a load of a share of a scenario, with sockets of chat, idle and storm
// from these local addresses if there are any; or it says what is wrong with it.
func New(s Scenario, share Share, sources []netip.Addr) (*Load, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	l := &Load{}
	for _, k := range s.kinds() {
		for _, layer := range s.layers(k) {
			layer := share.cut(layer)
			layer.sources = sources
			m, err := k.make(layer)
			if err != nil {
				return nil, fmt.Errorf("scenario: %w", err)
			}
			l.users = max(l.users, m.users)
			l.pieces = append(l.pieces, piece{made: m, part: k.name, at: layer.at})
		}
	}
	return l, nil
}

// Run makes the users, and then runs each layer in its time. A layer that could not
// run at all ends the others.
func (l *Load) Run(ctx context.Context, t *target.Target, r *measure.Recorder) error {
	if _, err := t.Users(ctx, l.users, r); err != nil {
		return err
	}
	start := time.Now()
	group, within := errgroup.WithContext(ctx)
	for _, p := range l.pieces {
		group.Go(func() error {
			if !pause.Until(within, start.Add(p.at)) {
				return nil
			}
			if err := p.load.Run(within, t, r.Part(p.part)); err != nil && within.Err() == nil {
				return fmt.Errorf("scenario: %s: %w", p.part, err)
			}
			return nil
		})
	}
	return group.Wait()
}

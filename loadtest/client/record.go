package client

import (
	"context"
	"sync"

	"parley/protocol"
)

// Stream is what came from one welcome that began afresh up to the next: across
// all sockets that resumed it, the frames are one sequence.
type Stream struct {
	Welcomes []protocol.Welcome
	Frames   []Frame // without the welcomes
}

// Record keeps all that a session got, for tests. The zero value is empty. It may be
// used from any goroutine.
type Record struct {
	mu      sync.Mutex
	streams []Stream      // guarded by mu
	changed chan struct{} // guarded by mu: nil while nobody waits
}

// Follow reads a session to its end, or to that of ctx, and returns why it ended.
func (r *Record) Follow(ctx context.Context, s *Session) error {
	for {
		f, err := s.Next(ctx)
		if err != nil {
			return err
		}
		r.Add(f)
	}
}

// Add adds the next frame.
func (r *Record) Add(f Frame) {
	var w protocol.Welcome
	greets := f.Type == protocol.TypeWelcome && f.Into(&w) == nil
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.streams) == 0 || greets && !w.Resumed {
		r.streams = append(r.streams, Stream{})
	}
	last := &r.streams[len(r.streams)-1]
	if greets {
		last.Welcomes = append(last.Welcomes, w)
	} else {
		last.Frames = append(last.Frames, f)
	}
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// Streams are the streams so far. What they hold is not to be changed.
func (r *Record) Streams() []Stream {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Stream(nil), r.streams...)
}

// Await waits until the record is as wanted.
func (r *Record) Await(ctx context.Context, wanted func([]Stream) bool) error {
	for {
		r.mu.Lock()
		streams := append([]Stream(nil), r.streams...)
		if r.changed == nil {
			r.changed = make(chan struct{})
		}
		changed := r.changed
		r.mu.Unlock()
		if wanted(streams) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

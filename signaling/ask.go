package signaling

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"parley/ledger"
	"parley/room"
	"parley/signaling/call"
)

const (
	// askTimeout is how long the ledger may take to answer: a join waits for it.
	askTimeout = time.Second
	// rosterTTL is how long a roster stays if nobody stores it again; it is stored
	// again after a quarter of that.
	rosterTTL = 4 * time.Hour
	// emptyTTL is how long one of nobody stays: longer than any node needs to hear
	// that everybody has left.
	emptyTTL = 5 * time.Minute
)

// Outcomes of a Swap, for the Meter.
const (
	SwapStored   = "stored"
	SwapConflict = "conflict"
	SwapFailed   = "failed"
)

func rosterKey(roomID int64) string { return "call:" + strconv.FormatInt(roomID, 10) }

func newID() string { return rand.Text() }

// load asks for a document; done is called on the room's shard.
func (s *Service) load(r *room.Room, key string, done func(ledger.Document, error)) {
	s.ask(r, func(ctx context.Context) func() {
		d, err := s.cfg.Ledger.Load(ctx, key)
		return func() { done(d, err) }
	})
}

// swap asks to store a roster; done is called on the room's shard.
func (s *Service) swap(r *room.Room, key string, was int64, next call.Roster, value []byte, done func(ledger.Document, bool, error)) {
	ttl := rosterTTL
	if len(next.Members) == 0 {
		ttl = emptyTTL
	}
	s.ask(r, func(ctx context.Context) func() {
		d, stored, err := s.cfg.Ledger.Swap(ctx, key, was, value, ttl)
		return func() { done(d, stored, err) }
	})
}

// ask runs work, which may block, and on the room's shard what it returns. After
// Stop it does neither.
func (s *Service) ask(r *room.Room, work func(ctx context.Context) func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return
	}
	s.asking.Go(func() {
		ctx, cancel := context.WithTimeout(s.ctx, askTimeout)
		defer cancel()
		then := work(ctx)
		if s.ctx.Err() == nil {
			r.Post(then)
		}
	})
}

// after runs fn later, unless the service has stopped by then.
func (s *Service) after(d time.Duration, fn func()) {
	time.AfterFunc(d, func() {
		if s.ctx.Err() == nil {
			fn()
		}
	})
}

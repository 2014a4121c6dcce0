package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// While others write all the time, clients come at random moments with what
// they have, read on for a while, and go: none sees a gap, a double, or
// anything out of order.
func TestCatchingUpWhileOthersWrite(t *testing.T) {
	t.Parallel()
	const writers, comers = 4, 6
	const lasts = 2500 * time.Millisecond
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	c := startChat(t, "ann", "bob")
	over, cancel := context.WithTimeout(t.Context(), lasts)
	defer cancel()
	var newest, opened atomic.Int64
	var wg sync.WaitGroup
	for range writers {
		k := c.joined(t, 0)
		wg.Go(func() { writeUntil(over, t, k, &newest) })
	}
	for i := range comers {
		s := sweep{
			user: c.users[1], room: c.room.ID, newest: &newest,
			rnd: rand.New(rand.NewPCG(seed, uint64(i))),
		}
		wg.Go(func() {
			for over.Err() == nil && !t.Failed() {
				if err := s.visit(over, t); err != nil && over.Err() == nil {
					t.Errorf("comer %d, seed %d: %v", i, seed, err)
				}
				opened.Add(1)
			}
		})
	}
	wg.Wait()
	t.Logf("%d messages, %d sockets", newest.Load(), opened.Load())
	require.Greater(t, opened.Load(), int64(comers), "hardly anything was tried")
	stored := c.history(t, 0)
	requireSeqs(t, 1, stored)
}

func writeUntil(over context.Context, t *testing.T, k *client.Socket, newest *atomic.Int64) {
	for i := 0; over.Err() == nil; i++ {
		for range 5 {
			if err := k.Send(t.Context(), protocol.TypeChatMessage, text("unanswered")); err != nil {
				t.Errorf("writer: %v", err)
				return
			}
		}
		f, err := k.Request(t.Context(), protocol.TypeChatMessage, text(fmt.Sprint(i)))
		var ref protocol.MessageRef
		if err == nil {
			err = f.Into(&ref)
		}
		if err != nil {
			t.Errorf("writer: %v", err)
			return
		}
		for n := newest.Load(); n < ref.Seq && !newest.CompareAndSwap(n, ref.Seq); n = newest.Load() {
		}
	}
}

// sweep is one client that comes and goes.
type sweep struct {
	user   *client.User
	room   int64
	newest *atomic.Int64
	rnd    *rand.Rand
	has    int64
}

func (s *sweep) visit(over context.Context, t *testing.T) error {
	if newest := s.newest.Load(); s.rnd.IntN(3) == 0 { // not always from where it was
		s.has = s.rnd.Int64N(newest + 1)
	}
	k, err := s.user.Open(t.Context(), fmt.Sprintf("/ws/room/%d/?since_seq=%d", s.room, s.has))
	if err != nil {
		return err
	}
	defer func() { _ = k.Close() }()
	live := -1 // messages read since presence_state
	for stay := s.rnd.IntN(10); live < stay; {
		f, err := k.Next(over)
		if err != nil {
			return fmt.Errorf("after seq %d: %w", s.has, err)
		}
		switch f.Type {
		case protocol.TypePresenceState:
			live = 0
		case protocol.TypeChatMessage:
			var m protocol.Message
			if err := f.Into(&m); err != nil {
				return err
			}
			if m.Seq != s.has+1 {
				return fmt.Errorf("seq %d follows %d", m.Seq, s.has)
			}
			s.has = m.Seq
			if live >= 0 {
				live++
			}
		}
	}
	return nil
}

package redis_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/cluster"
)

// stream publishes numbers on a topic for as long as a test runs, while another
// bus follows it.
type stream struct {
	topic string

	// Guarded by mu.
	mu    sync.Mutex
	lives int         // calls of live
	sent  map[int]int // numbers that Publish took, and how often live had been called before
	got   []int
	next  int
}

// run publishes as fast as Redis answers until ctx ends, pausing where it fails.
func (s *stream) run(ctx context.Context, bus cluster.Bus) {
	for ctx.Err() == nil {
		s.mu.Lock()
		n, lives := s.next, s.lives
		s.next++
		s.mu.Unlock()
		if err := bus.Publish(ctx, s.topic, strconv.AppendInt(nil, int64(n), 10)); err == nil {
			s.mu.Lock()
			s.sent[n] = lives
			s.mu.Unlock()
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Millisecond): // leave the machine to others
		}
	}
}

func (s *stream) handler(payload []byte) {
	n, err := strconv.Atoi(string(payload))
	if err != nil {
		n = -1 // out of order: fails the check
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, n)
}

func (s *stream) live() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lives++
}

func (s *stream) told() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lives
}

// carries waits until a number arrives that is not yet published.
func (s *stream) carries(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	mark := s.next
	s.mu.Unlock()
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.got) > 0 && s.got[len(s.got)-1] > mark
	}, patience, 5*time.Millisecond, "topic %s carries again", s.topic)
}

// drain waits for what is still on its way: a last number comes after it.
func (s *stream) drain(t *testing.T, from cluster.Bus) {
	t.Helper()
	s.mu.Lock()
	last := s.next
	s.mu.Unlock()
	require.NoError(t, from.Publish(t.Context(), s.topic, strconv.AppendInt(nil, int64(last), 10)))
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.got[len(s.got)-1] == last
	}, patience, 5*time.Millisecond, "the last number on topic %s", s.topic)
}

// check requires that all came in order and once, and that whatever was taken
// and did not come was followed by a call of live.
func (s *stream) check(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	came := make(map[int]bool, len(s.got))
	for i, n := range s.got {
		if i > 0 {
			require.Greater(t, n, s.got[i-1], "topic %s, delivery %d: order, and no doubles", s.topic, i)
		}
		came[n] = true
	}
	lost := 0
	for n, lives := range s.sent {
		if !came[n] {
			require.Greater(t, s.lives, lives, "topic %s: %d was taken and lost, and nobody was told", s.topic, n)
			lost++
		}
	}
	t.Logf("%s: %d taken, %d came, %d lost, live %d times", s.topic, len(s.sent), len(s.got), lost, s.lives)
}

// streams runs n of them from one bus to another until the test ends or settle
// is called, which checks them.
func streams(t *testing.T, from, to cluster.Bus, n int) (all []*stream, settle func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for i := range n {
		s := &stream{topic: fmt.Sprintf("room:%d", i), sent: map[int]int{}}
		t.Cleanup(to.Follow(s.topic, s.handler, s.live))
		running.Go(func() { s.run(ctx, from) })
		all = append(all, s)
	}
	end := func() { stop(); running.Wait() }
	t.Cleanup(end)
	for _, s := range all {
		s.carries(t)
	}
	return all, func() {
		for _, s := range all {
			s.carries(t)
		}
		end()
		for _, s := range all {
			s.drain(t, from)
			s.check(t)
		}
	}
}

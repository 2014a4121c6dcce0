package clustertest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/cluster"
)

// cancelEndsOne publishes from both nodes after a cancel: by the time that a
// second subscription has got it all, so would the cancelled one have.
func cancelEndsOne(t *testing.T, open Open) {
	a, b := open(t)
	gone, stays, other := subscribe(t, a, "room", 4), subscribe(t, a, "room", 4), subscribe(t, b, "room", 4)
	publish(t, b, "room", "before")
	for _, in := range []*inbox{gone, stays, other} {
		in.expect(t, "before")
	}
	gone.cancel()
	for _, bus := range []cluster.Bus{a, b} {
		publish(t, bus, "room", "after")
		stays.expect(t, "after")
		other.expect(t, "after")
	}
	gone.empty(t, "it was published after cancel had returned")
}

func cancelRepeats(t *testing.T, open Open) {
	a, b := open(t)
	gone, stays := subscribe(t, a, "room", 1), subscribe(t, a, "room", 1)
	var all sync.WaitGroup
	for range 8 {
		all.Go(gone.cancel)
	}
	all.Wait()
	gone.cancel()
	publish(t, b, "room", "after")
	stays.expect(t, "after")
	gone.empty(t, "it was published after cancel had returned")
}

// cancelIsFinal cancels in the midst of a stream: no call of the handler may
// be running, or begin, once cancel has returned.
func cancelIsFinal(t *testing.T, open Open) {
	a, b := open(t)
	stop := stream(t, a, b)
	for range 50 {
		w := newWatched()
		cancel, err := a.Subscribe(t.Context(), "stream", w.handler)
		require.NoError(t, err)
		wait(t, w.called, "waiting for the stream")
		cancel()
		w.over(t, "cancel")
	}
	stop()
}

func subscribesAgain(t *testing.T, open Open) {
	a, b := open(t)
	for i := range 20 {
		in := subscribe(t, a, "room", 1)
		publish(t, b, "room", fmt.Sprint(i))
		in.expect(t, fmt.Sprint(i))
		in.cancel()
	}
}

// stream publishes on the topic "stream" from both nodes until stop.
func stream(t *testing.T, buses ...cluster.Bus) (stop func()) {
	quit := make(chan struct{})
	var all sync.WaitGroup
	for _, bus := range buses {
		all.Go(func() {
			for {
				select {
				case <-quit:
					return
				default:
				}
				if err := bus.Publish(t.Context(), "stream", []byte("x")); err != nil {
					t.Errorf("publish: %v", err)
					return
				}
			}
		})
	}
	stop = sync.OnceFunc(func() { close(quit); all.Wait() })
	t.Cleanup(stop)
	return stop
}

// watched is a handler that must not run after a certain moment.
type watched struct {
	mu     sync.RWMutex // read-locked by each call of the handler
	ended  bool
	calls  sync.Once
	called chan struct{} // closed by the first call
	late   chan struct{} // holds a token for a call that came too late
}

func newWatched() *watched {
	return &watched{called: make(chan struct{}), late: make(chan struct{}, 1)}
}

func (w *watched) handler([]byte) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	w.calls.Do(func() { close(w.called) })
	if !w.ended {
		return
	}
	select {
	case w.late <- struct{}{}:
	default:
	}
}

// over marks the moment, which must find no call running.
func (w *watched) over(t *testing.T, what string) {
	t.Helper()
	require.True(t, w.mu.TryLock(), "the handler is running after %s has returned", what)
	w.ended = true
	w.mu.Unlock()
	t.Cleanup(func() {
		if len(w.late) > 0 {
			t.Errorf("the handler was called after %s had returned", what)
		}
	})
}

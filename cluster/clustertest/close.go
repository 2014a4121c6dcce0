package clustertest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/cluster"
)

func closeEndsAll(t *testing.T, open Open) {
	a, b := open(t)
	onA, second, onB := subscribe(t, a, "room", 1), subscribe(t, a, "hall", 1), subscribe(t, b, "room", 1)
	require.NoError(t, a.Close())
	publish(t, b, "hall", "after")
	publish(t, b, "room", "after")
	onB.expect(t, "after")
	onA.empty(t, "it was published after Close had returned")
	second.empty(t, "it was published after Close had returned")
	onA.cancel()
}

func closeRefuses(t *testing.T, open Open) {
	a, b := open(t)
	in := subscribe(t, b, "room", 1)
	require.NoError(t, a.Close())

	require.ErrorIs(t, a.Publish(t.Context(), "room", []byte("after")), cluster.ErrClosed)
	_, err := a.Subscribe(t.Context(), "room", func([]byte) { t.Error("a closed bus delivered") })
	require.ErrorIs(t, err, cluster.ErrClosed)
	require.ErrorIs(t, a.Ping(t.Context()), cluster.ErrClosed)

	require.NoError(t, b.Ping(t.Context()), "the other node's bus is still open")
	publish(t, b, "room", "own")
	in.expect(t, "own")
}

func closeRepeats(t *testing.T, open Open) {
	a, _ := open(t)
	subscribe(t, a, "room", 0)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := a.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
	all.Wait()
	require.NoError(t, a.Close())
}

// closeIsFinal closes a bus in the midst of the other node's stream, while its
// own node publishes too.
func closeIsFinal(t *testing.T, open Open) {
	a, b := open(t)
	stop := stream(t, b)
	watch := make([]*watched, 10)
	for i := range watch {
		watch[i] = newWatched()
		_, err := a.Subscribe(t.Context(), "stream", watch[i].handler)
		require.NoError(t, err)
	}
	for _, w := range watch {
		wait(t, w.called, "waiting for the stream")
	}
	refused := make(chan struct{})
	go func() {
		defer close(refused)
		for {
			err := a.Publish(t.Context(), "stream", []byte("x"))
			if errors.Is(err, cluster.ErrClosed) || errors.Is(err, context.Canceled) {
				return
			}
			if err != nil {
				t.Errorf("publish during Close: %v", err)
				return
			}
		}
	}()
	require.NoError(t, a.Close())
	for _, w := range watch {
		w.over(t, "Close")
	}
	wait(t, refused, "publishing on a closed bus")
	stop()
}

func obeysContext(t *testing.T, open Open) {
	a, b := open(t)
	in := subscribe(t, b, "room", 1)
	ended, end := context.WithCancel(t.Context())
	end()
	require.ErrorIs(t, a.Publish(ended, "room", []byte("too late")), context.Canceled)
	_, err := a.Subscribe(ended, "room", func([]byte) { t.Error("a refused subscription got a payload") })
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, a.Ping(ended), context.Canceled)
	publish(t, a, "room", "in time")
	in.expect(t, "in time")
}

func contextBoundsCall(t *testing.T, open Open) {
	a, b := open(t)
	got := make(chan struct{})
	ctx, end := context.WithCancel(t.Context())
	cancel, err := a.Subscribe(ctx, "room", func([]byte) { close(got) })
	require.NoError(t, err)
	t.Cleanup(cancel)
	end()
	publish(t, b, "room", "after")
	wait(t, got, "delivery after the context of Subscribe ended")
}

func answersPing(t *testing.T, open Open) {
	a, b := open(t)
	require.NoError(t, a.Ping(t.Context()))
	require.NoError(t, b.Ping(t.Context()))
}

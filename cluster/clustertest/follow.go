package clustertest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/cluster"
)

// follower is a topic followed, whose payloads wait to be looked at.
type follower struct {
	inbox
	live chan struct{} // holds a token if live was called since the last look
}

func follow(t *testing.T, bus cluster.Bus, topic string, size int) *follower {
	t.Helper()
	f := &follower{inbox: inbox{payloads: make(chan string, size)}, live: make(chan struct{}, 1)}
	f.cancel = bus.Follow(topic, func(payload []byte) {
		select {
		case f.payloads <- string(payload):
		default:
			t.Errorf("topic %q delivered more than the %d payloads that were published", topic, size)
		}
	}, func() {
		select {
		case f.live <- struct{}{}:
		default:
		}
	})
	t.Cleanup(f.cancel)
	return f
}

func (f *follower) awaitLive(t *testing.T) {
	t.Helper()
	select {
	case <-f.live:
	case <-time.After(patience):
		require.FailNow(t, "live was not called", "waited %s", patience)
	}
}

func followCarries(t *testing.T, open Open) {
	const topics = 200
	a, b := open(t)
	onA, onB := make([]*follower, topics), make([]*follower, topics)
	for i := range topics {
		topic := fmt.Sprint("room:", i)
		onA[i], onB[i] = follow(t, a, topic, 2), follow(t, b, topic, 2)
	}
	for i := range topics {
		onA[i].awaitLive(t)
		onB[i].awaitLive(t)
		publish(t, a, fmt.Sprint("room:", i), "published")
		onA[i].expect(t, "published")
		onB[i].expect(t, "published")
		post(t, b, fmt.Sprint("room:", i), "posted")
	}
	for i := range topics {
		onA[i].expect(t, "posted")
		onB[i].expect(t, "posted")
	}
}

// followsTwice has a second follower join a topic that carries already, and the
// first one leave.
func followsTwice(t *testing.T, open Open) {
	a, b := open(t)
	first := follow(t, a, "room", 2) // cancel does not wait, so it may get both
	first.awaitLive(t)
	second, subscribed := follow(t, a, "room", 2), subscribe(t, a, "room", 2)
	second.awaitLive(t)
	publish(t, b, "room", "to all")
	first.expect(t, "to all")
	first.cancel()
	publish(t, b, "room", "to the others")
	second.expect(t, "to all", "to the others")
	subscribed.expect(t, "to all", "to the others")
}

// followCancels cancels from within the handler and from within live, more than
// once, and follows again.
func followCancels(t *testing.T, open Open) {
	a, b := open(t)
	for i := range 20 {
		cancels, done := make(chan func(), 1), make(chan struct{}, 1)
		end := func() {
			cancel := <-cancels
			cancel()
			cancel()
			done <- struct{}{}
		}
		if i%2 == 0 {
			cancels <- a.Follow("room", func([]byte) {}, end)
		} else {
			live := make(chan struct{}, 1)
			cancel := a.Follow("room", func([]byte) { end() }, func() { live <- struct{}{} })
			wait(t, live, "waiting for live")
			cancels <- cancel
			publish(t, b, "room", "end yourself")
		}
		wait(t, done, "cancelling from within")
	}
	f := follow(t, a, "room", 1)
	f.awaitLive(t)
	publish(t, b, "room", "still works")
	f.expect(t, "still works")
}

// closeEndsFollow closes a bus in the midst of a stream: when it has returned,
// no call may be running or begin.
func closeEndsFollow(t *testing.T, open Open) {
	a, b := open(t)
	stop := stream(t, b)
	w := newWatched()
	cancel := a.Follow("stream", w.handler, func() { w.handler(nil) })
	wait(t, w.called, "waiting for the stream")
	require.NoError(t, a.Close())
	w.over(t, "Close")
	cancel()
	stop()
}

func closedFollowsNothing(t *testing.T, open Open) {
	a, b := open(t)
	in := subscribe(t, b, "room", 1)
	require.NoError(t, a.Close())
	cancel := a.Follow("room", func([]byte) { t.Error("a closed bus delivered") }, func() { t.Error("a closed bus is live") })
	publish(t, b, "room", "own")
	in.expect(t, "own")
	cancel()
}

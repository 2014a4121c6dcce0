package chat_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/presence"
)

// deliveries notes what is measured between commit and delivery.
type deliveries struct {
	noMeter
	measured chan measured
}

type measured struct {
	n    int
	took time.Duration
}

func (d deliveries) CommitToDelivery(n int, took time.Duration) { d.measured <- measured{n, took} }

// TestDeliveryIsMeasured lets the store call back seven messages at once: each
// is counted, whatever the number of turns in which they went out.
func TestDeliveryIsMeasured(t *testing.T) {
	meter := deliveries{measured: make(chan measured, 100)}
	n := &node{t: t, store: newFakeStore(0), presence: presence.NewMemory(time.Hour, time.Now), meter: meter}
	n.start(n.presence.Node("here"))
	p := n.enter("user=3")
	began := time.Now()
	n.store.hold()
	n.postHeld(7)
	n.store.release(-1)
	p.seqs(1, 7)
	for left := 7; left > 0; {
		m := take(t, meter.measured, "a measure")
		require.Positive(t, m.n)
		require.Positive(t, m.took)
		require.LessOrEqual(t, m.took, time.Since(began))
		left -= m.n
		require.GreaterOrEqual(t, left, 0, "more was measured than delivered")
	}
	n.post(1)
	p.seqs(8, 8)
	require.Equal(t, 1, take(t, meter.measured, "a measure").n)
}

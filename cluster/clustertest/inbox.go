package clustertest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/cluster"
)

// patience is how long a delivery may take on a slow machine.
const patience = 10 * time.Second

// inbox is a subscription whose payloads wait to be looked at.
type inbox struct {
	cancel   func()
	payloads chan string
}

// subscribe opens an inbox that holds up to size payloads.
func subscribe(t *testing.T, bus cluster.Bus, topic string, size int) *inbox {
	t.Helper()
	in := &inbox{payloads: make(chan string, size)}
	cancel, err := bus.Subscribe(t.Context(), topic, func(payload []byte) {
		select {
		case in.payloads <- string(payload):
		default:
			t.Errorf("topic %q delivered more than the %d payloads that were published", topic, size)
		}
	})
	require.NoError(t, err, "subscribe to %q", topic)
	in.cancel = cancel
	t.Cleanup(cancel)
	return in
}

func publish(t *testing.T, bus cluster.Bus, topic, payload string) {
	t.Helper()
	require.NoError(t, bus.Publish(t.Context(), topic, []byte(payload)), "publish on %q", topic)
}

// next waits for a payload.
func (in *inbox) next(t *testing.T) string {
	t.Helper()
	select {
	case payload := <-in.payloads:
		return payload
	case <-time.After(patience):
		require.FailNow(t, "a payload was not delivered", "waited %s", patience)
		return ""
	}
}

// expect waits for these payloads, in this order.
func (in *inbox) expect(t *testing.T, payloads ...string) {
	t.Helper()
	for _, want := range payloads {
		require.Equal(t, want, in.next(t))
	}
}

// empty requires that nothing more has come.
func (in *inbox) empty(t *testing.T, why string) {
	t.Helper()
	select {
	case payload := <-in.payloads:
		require.FailNow(t, "a payload too many: "+why, "%.80q", payload)
	default:
	}
}

// wait waits for done.
func wait(t *testing.T, done <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		require.FailNow(t, what+" did not end", "waited %s", patience)
	}
}

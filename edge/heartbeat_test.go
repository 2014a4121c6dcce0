package edge_test

import (
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

func quick() edge.Config {
	return edge.Config{Heartbeat: 100 * time.Millisecond, HeartbeatGrace: 50 * time.Millisecond}
}

// patient leaves a client on a busy machine time to answer.
func patient() edge.Config {
	return edge.Config{Heartbeat: 100 * time.Millisecond, HeartbeatGrace: 600 * time.Millisecond}
}

func TestSilentPeerIsPingedThenClosed(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, quick(), nil)
		began := time.Now()
		p, k := s.peer(), s.next()
		op, at := p.frame()
		require.Equal(t, ws.OpPing, op)
		require.Len(t, at, 8, "a ping carries its time")
		code, reason := p.closeFrame()
		require.Equal(t, uint16(4508), code)
		require.Equal(t, "heartbeat missed", reason)
		require.Greater(t, time.Since(began), 230*time.Millisecond, "two heartbeats and the grace, less a tick or two")
		require.Equal(t, edge.Closure{Code: 4508, Reason: reason}, k.end(t))
	})
}

func TestPongsKeepASocketAndTellTheRoundTrip(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, patient(), nil)
		p, k := s.peer(), s.next()
		for range 12 { // longer than the deadline
			op, at := p.frame()
			require.Equal(t, ws.OpPing, op, "payload %q", at)
			p.send(frame(ws.OpPong, true, string(at)))
			rtt := take(t, s.meter.rtt, "a round trip time")
			require.Less(t, rtt, patience)
			require.Positive(t, rtt)
		}
		require.Empty(t, k.closed)
	})
}

func TestAnyFrameCountsAsLife(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, patient(), nil)
		p, k := s.peer(), s.next()
		slow := text("a long message, drop by drop")
		for i := range 12 { // longer than the deadline
			op, _ := p.frame()
			require.Equal(t, ws.OpPing, op)
			p.send(slow[i : i+1])
		}
		require.Empty(t, k.closed)
	})
}

// Pongs that answer no ping of ours say nothing about the round trip.
func TestForgedPongsAreNotMeasured(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, echo)
		p := s.peer()
		for _, payload := range []string{"", "short", "\xff\xff\xff\xff\xff\xff\xff\xff", "\x7f\xff\xff\xff\xff\xff\xff\xff", "far too long"} {
			p.send(frame(ws.OpPong, true, payload))
		}
		p.send(text("done"))
		require.Equal(t, "done", p.text())
		require.Empty(t, s.meter.rtt)
	})
}

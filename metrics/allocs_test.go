package metrics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestReportingDoesNotAllocate holds for what happens with every frame, message
// and request: garbage there is paid for by every socket.
func TestReportingDoesNotAllocate(t *testing.T) {
	m := newMetrics()
	for name, report := range map[string]func(){
		"Edge.Handshake":        func() { m.Edge.Handshake("ok") },
		"Edge.Opened":           func() { m.Edge.Opened() },
		"Edge.Closed":           func() { m.Edge.Closed(4513) },
		"Edge.Closed unknown":   func() { m.Edge.Closed(3333) },
		"Edge.BytesIn":          func() { m.Edge.BytesIn(100) },
		"Edge.BytesOut":         func() { m.Edge.BytesOut(100) },
		"Edge.Dropped":          func() { m.Edge.Dropped("slow_reader", 2) },
		"Edge.RTT":              func() { m.Edge.RTT(7 * time.Millisecond) },
		"Rooms.SessionOpened":   func() { m.Rooms.SessionOpened("chat") },
		"Rooms.SessionClosed":   func() { m.Rooms.SessionClosed("chat") },
		"Rooms.FrameIn":         func() { m.Rooms.FrameIn("chat_message") },
		"Rooms.FrameIn unknown": func() { m.Rooms.FrameIn("no such type") },
		"Rooms.FrameOut":        func() { m.Rooms.FrameOut("chat_message", 9) },
		"Rooms.ErrorSent":       func() { m.Rooms.ErrorSent("not_found") },
		"Store.Committed":       func() { m.Store.Committed(9, 7*time.Millisecond) },
		"Cluster.Published":     func() { m.Cluster.Published(9) },
		"Cluster.Received":      func() { m.Cluster.Received() },
		"Cluster.Dropped":       func() { m.Cluster.Dropped("queue", 1) },
		"Cluster.RoundTrip":     func() { m.Cluster.RoundTrip(time.Millisecond) },
		"Calls.StateChanged":    func() { m.Calls.StateChanged("connecting", "active") },
		"Calls.Peers":           func() { m.Calls.Peers(1) },
		"Calls.Relayed":         func() { m.Calls.Relayed("offer", "delivered") },
		"Chat.Stored":           func() { m.Chat.Stored(true) },
		"Chat.CommitToDelivery": func() { m.Chat.CommitToDelivery(20, 70*time.Microsecond) },
		"Chat.Replayed":         func() { m.Chat.Replayed(3) },
		"Chat.Published":        func() { m.Chat.Published(true) },
		"Chat.Heard":            func() { m.Chat.Heard() },
		"Chat.GapClosed":        func() { m.Chat.GapClosed(true) },
		"Chat.Repaired":         func() { m.Chat.Repaired(3) },
		"Auth.Login":            func() { m.Auth.Login("ok") },
		"Auth.Hashing":          func() { m.Auth.Hashing(1) },
		"Gate.Lookup":           func() { m.Gate.Lookup("login", "memory") },
		"HTTP.Request":          func() { m.HTTP.Request("/api/rooms/", "GET", 200, time.Millisecond) },
	} {
		t.Run(name, func(t *testing.T) {
			require.Zero(t, testing.AllocsPerRun(200, report), "allocations a call")
		})
	}
}

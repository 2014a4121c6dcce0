package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"parley/protocol"
)

// Rooms counts sessions, live rooms and the frames that pass through them.
type Rooms struct {
	// Static after construction.
	sessions closed[string, prometheus.Gauge]
	rooms    prometheus.Gauge
	received counters
	sent     counters
	errors   counters
}

func newRooms(f promauto.Factory) *Rooms {
	sessions := f.NewGaugeVec(prometheus.GaugeOpts{
		Name: "parley_sessions",
		Help: "Sessions in rooms, by channel.",
	}, []string{"channel"})
	return &Rooms{
		sessions: newClosed([]string{"chat", "call"}, itself,
			func(channel string) prometheus.Gauge { return sessions.WithLabelValues(channel) }),
		rooms: newGauge(f, "parley_rooms", "Rooms with at least one session on this node."),
		received: newCounters(f, "parley_frames_received_total", "Frames from clients, by type.", "type",
			names(protocol.ClientTypes())),
		sent: newCounters(f, "parley_frames_sent_total",
			"Frames to clients, by type; a broadcast counts once per receiver.", "type",
			names(protocol.ServerTypes())),
		errors: newCounters(f, "parley_errors_sent_total", "Error frames to clients, by code.", "code",
			names(protocol.Codes())),
	}
}

// SessionOpened counts a session in, by channel: chat or call.
func (r *Rooms) SessionOpened(channel string) { r.sessions.of(channel).Inc() }

// SessionClosed counts a session out, by channel.
func (r *Rooms) SessionClosed(channel string) { r.sessions.of(channel).Dec() }

// FrameIn counts a client's frame by its type (protocol.ClientTypes).
func (r *Rooms) FrameIn(typ string) { r.received.of(typ).Inc() }

// FrameOut counts a frame by its type (protocol.ServerTypes) that was queued
// for n receivers.
func (r *Rooms) FrameOut(typ string, n int) { add(r.sent.of(typ), n) }

// ErrorSent counts an error frame by its code (protocol.Codes).
func (r *Rooms) ErrorSent(code string) { r.errors.of(code).Inc() }

// RoomOpened counts a room in that got its first session.
func (r *Rooms) RoomOpened() { r.rooms.Inc() }

// RoomClosed counts a room out that lost its last session.
func (r *Rooms) RoomClosed() { r.rooms.Dec() }

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

	suspended prometheus.Gauge
	resumes   counters
	torn      prometheus.Counter
}

func newRooms(f promauto.Factory) *Rooms {
	sessions := f.NewGaugeVec(prometheus.GaugeOpts{
		Name: "parley_sessions",
		Help: "Sessions in rooms, by channel; all: multiplexed sockets.",
	}, []string{"channel"})
	return &Rooms{
		sessions: newClosed([]string{"chat", "call", "all"}, itself,
			func(channel string) prometheus.Gauge { return sessions.WithLabelValues(channel) }),
		rooms: newGauge(f, "parley_rooms", "Rooms with at least one session on this node."),
		received: newCounters(f, "parley_frames_received_total", "Frames from clients, by type.", "type",
			names(protocol.ClientTypes())),
		sent: newCounters(f, "parley_frames_sent_total",
			"Frames to clients, by type; a broadcast counts once per receiver.", "type",
			names(protocol.ServerTypes())),
		errors: newCounters(f, "parley_errors_sent_total", "Error frames to clients, by code.", "code",
			names(protocol.Codes())),
		suspended: newGauge(f, "parley_sessions_suspended", "Sessions whose socket was lost and whose client may still return."),
		resumes: newCounters(f, "parley_resumes_total",
			"Sessions that were suspended, by how it ended.", "result",
			[]string{"resumed", "took_over", "torn", "unknown", "expired", "moved", "adopted", "successor"}),
		torn: newCounter(f, "parley_sessions_torn_total", "Suspended sessions for which more was sent than is kept."),
	}
}

// SessionOpened counts a session in, by channel: chat or call, or all for a
// multiplexed socket.
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

// Suspended counts sessions that wait for their clients.
func (r *Rooms) Suspended(delta int) { r.suspended.Add(float64(delta)) }

// Resumed counts how a suspension ended.
func (r *Rooms) Resumed(outcome string) { r.resumes.of(outcome).Inc() }

// Torn counts a session of which not all that it missed could be kept.
func (r *Rooms) Torn() { r.torn.Inc() }

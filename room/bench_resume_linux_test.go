package room_test

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"parley/edge"
	"parley/protocol"
	"parley/room"
)

// quietly is lasting, for those who count what it costs.
func quietly() room.Config {
	cfg := lasting()
	cfg.Logger, cfg.Meter = slog.New(slog.DiscardHandler), room.Unmetered{}
	cfg.Resume.Frames = 1000
	return cfg
}

// caught connects a bare client and returns the handler of its socket, which is
// the line's: it is called on the shard, as the socket does.
func caught(t testing.TB, n *node, query string) edge.Handler {
	t.Helper()
	handlers := make(chan edge.Handler, 1)
	catch := func(open func() edge.Handler) edge.Handler {
		h := open()
		handlers <- h
		return h
	}
	n.opening.Store(&catch)
	fd := n.connect(query)
	t.Cleanup(func() { _ = unix.Close(fd) })
	return take(t, handlers, "the handler")
}

// mute hears everything and says nothing.
func mute() *fake { return &fake{receive: func(*room.Session, protocol.Envelope) {}} }

const (
	heardTyping = `{"type":"typing","data":{"note":"some words that somebody is about to say"}}`
	heardOffer  = `{"type":"offer","data":{"target_user_id":7,"sdp":{"type":"offer","sdp":"`
	heardCount  = `{"type":"received","data":{"n":0}}`
)

// BenchmarkReceive takes a frame of a client that tells what it has received,
// beside one that does not: what looking for that costs, and what it costs to
// be told.
func BenchmarkReceive(b *testing.B) {
	for _, c := range []struct{ name, query, payload string }{
		{"typing", "user=7", heardTyping},
		{"typing, ack=1", "user=7&ack=1", heardTyping},
		{"offer of 2.5 KB", "user=7", heardOffer + strings.Repeat("x", 2500) + `"}}}`},
		{"offer of 2.5 KB, ack=1", "user=7&ack=1", heardOffer + strings.Repeat("x", 2500) + `"}}}`},
		{"received, ack=1", "user=7&ack=1", heardCount},
	} {
		b.Run(c.name, func(b *testing.B) {
			n := start(b, quietly(), mute())
			h, payload := caught(b, n, c.query+"&shift=0"), []byte(c.payload)
			b.ReportAllocs()
			n.in(1, func(*room.Room) {
				b.ResetTimer()
				for range b.N {
					h.Receive(payload)
				}
				b.StopTimer()
			})
		})
	}
}

// A frame costs no memory to look through, nor does it to be sent.
func TestLineAllocations(t *testing.T) {
	n := start(t, quietly(), mute())
	h := caught(t, n, "user=7&ack=1&shift=0")
	f, heard := room.Encode(protocol.TypeTyping, 1, protocol.Typing{Note: "x"}), []byte(heardTyping)
	var received, sent float64
	n.in(1, func(r *room.Room) {
		received = testing.AllocsPerRun(100, func() { h.Receive(heard) })
		for s := range r.Sessions(protocol.ChannelChat) {
			sent = testing.AllocsPerRun(100, func() { s.Direct(f) })
		}
	})
	require.Zero(t, received)
	require.Zero(t, sent)
}

// departures tells of sessions that are suspended.
type departures struct {
	room.Unmetered
	seen chan struct{}
}

func (d departures) Suspended(delta int) {
	if delta > 0 {
		d.seen <- struct{}{}
	}
}

var resumeToken = regexp.MustCompile(`"resume_token":"([^"]+)"`)

// BenchmarkResume has a client return for twenty frames of 200 bytes. ns/op is
// all of it, the handshake included; shard-ns/resume what the line's shard does
// before it writes: to find the line, to welcome it, and to play what was kept.
func BenchmarkResume(b *testing.B) {
	const kept = 20
	cfg, gone := quietly(), departures{seen: make(chan struct{}, 1)}
	cfg.Meter = gone
	n := start(b, cfg, &fake{})
	var took time.Duration
	timed := func(open func() edge.Handler) edge.Handler {
		began := time.Now()
		h := open()
		took += time.Since(began)
		return h
	}
	n.opening.Store(&timed)
	f := room.Encode(protocol.TypeTyping, 1, protocol.Typing{Note: strings.Repeat("x", 140)})
	fd, said := n.connectFor("user=7&shift=0")
	b.ReportAllocs()
	b.ResetTimer()
	took = 0
	received := 0 // behind the last welcome
	for range b.N {
		_ = unix.Close(fd)
		take(b, gone.seen, "the suspension")
		n.in(1, func(r *room.Room) {
			for range kept {
				r.Broadcast(protocol.ChannelChat, f)
			}
		})
		token := resumeToken.FindStringSubmatch(said)
		require.NotNil(b, token)
		fd, said = n.connectFor(fmt.Sprintf("user=7&shift=0&received=%d&resume=%s", received, token[1]))
		received = kept
		require.Contains(b, said, `"resumed":true`)
	}
	b.StopTimer()
	_ = unix.Close(fd)
	b.ReportMetric(float64(took.Nanoseconds())/float64(b.N), "shard-ns/resume")
}

package room_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// lasting is a configuration in which sessions outlive their sockets.
func lasting() room.Config {
	return room.Config{Resume: room.Resume{Window: time.Minute, Frames: 100, Bytes: 8 << 10, NodeBytes: 1 << 20}}
}

func welcomed(t *testing.T, p *peer) protocol.Welcome {
	t.Helper()
	f := p.read()
	require.Equal(t, protocol.TypeWelcome, f.Type)
	var w protocol.Welcome
	require.NoError(t, json.Unmarshal(f.Data, &w))
	return w
}

// notes are frames that a room says, numbered.
func (n *node) note(roomID int64, from, to int) {
	n.in(roomID, func(r *room.Room) {
		for i := from; i <= to; i++ {
			r.Broadcast("", room.EncodeIn(r, protocol.TypeTyping, protocol.Typing{Note: fmt.Sprint(i)}))
		}
	})
}

func (p *peer) expectNotes(from, to int) {
	p.t.Helper()
	for i := from; i <= to; i++ {
		f := p.read()
		require.Equal(p.t, protocol.TypeTyping, f.Type, "waiting for note %d", i)
		var got protocol.Typing
		require.NoError(p.t, json.Unmarshal(f.Data, &got))
		require.Equal(p.t, fmt.Sprint(i), got.Note)
	}
}

// cut ends a socket without a close frame.
func (p *peer) cut() { _ = p.conn.CloseNow() }

// await waits until the meter has counted so many.
func (n *node) await(what string, count int) {
	n.t.Helper()
	require.Eventually(n.t, func() bool { return n.meter.get(what) == count }, patience, time.Millisecond, what)
}

func (n *node) resume(w protocol.Welcome, received int, query string) *peer {
	n.t.Helper()
	return n.dial(fmt.Sprintf("%s&resume=%s&received=%d", query, w.ResumeToken, received))
}

// A client that is cut again and again has every frame once, in order.
func TestResume(t *testing.T) {
	for _, query := range []string{"user=7", "user=7&ack=1"} {
		t.Run(query, func(t *testing.T) {
			n := start(t, lasting(), &fake{})
			p := n.dial(query)
			w := welcomed(t, p)
			require.False(t, w.Resumed)
			require.EqualValues(t, 60, w.ResumeWindowS)
			id, received, sent := w.ConnectionID, 0, 0
			say := func(count int) {
				n.note(1, sent+1, sent+count)
				sent += count
			}
			for range 5 {
				say(4)
				p.expectNotes(sent-3, sent)
				received += 4
				p.cut()
				n.await("suspended", 1)
				say(6)
				p = n.resume(w, received, query)
				before := w
				w = welcomed(t, p)
				require.True(t, w.Resumed)
				require.Equal(t, id, w.ConnectionID)
				require.NotEqual(t, before.ResumeToken, w.ResumeToken)
				p.expectNotes(sent-5, sent)
				received = 6
				require.Zero(t, n.meter.get("suspended"))
			}
			p.alive()
			require.Empty(t, n.fake.left, "nobody saw a leave")
		})
	}
}

// A welcome that is lost on its way leaves the client with the token before.
func TestResumeAfterALostWelcome(t *testing.T) {
	n := start(t, lasting(), &fake{})
	p := n.dial("user=7&ack=1")
	w := welcomed(t, p)
	n.note(1, 1, 3)
	p.expectNotes(1, 2)
	p.cut() // the third is lost
	for range 3 {
		n.await("suspended", 1)
		lost := n.resume(w, 2, "user=7&ack=1")
		require.NotEqual(t, w.ResumeToken, welcomed(t, lost).ResumeToken, "as if it had not come")
		n.note(1, 4, 4)
		lost.cut()
		n.await("suspended", 1)
		n.in(1, func(*room.Room) {})
	}
	p = n.resume(w, 2, "user=7&ack=1")
	require.True(t, welcomed(t, p).Resumed)
	for _, note := range []int{3, 4, 4, 4} {
		p.expectNotes(note, note)
	}
	p.alive()
	require.Empty(t, n.fake.left)
}

// Without ?ack=1 what the kernel took is not kept: who has not received it is
// not told that nothing is missing.
func TestResumeNeverHidesAHole(t *testing.T) {
	n := start(t, lasting(), &fake{})
	p := n.dial("user=7")
	w := welcomed(t, p)
	n.note(1, 1, 3)
	p.expectNotes(1, 3)
	p.cut()
	n.await("suspended", 1)
	p = n.resume(w, 2, "user=7") // the third was lost with the socket
	fresh := welcomed(t, p)
	require.False(t, fresh.Resumed)
	require.NotEqual(t, w.ConnectionID, fresh.ConnectionID)
	require.Equal(t, protocol.LeaveTimeout, take(t, n.fake.left, "the old session's end"))
	n.await("torn", 1)
	p.alive()
}

func TestResumeIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		cfg   func(*room.Config)
		away  func(n *node)
		query func(w protocol.Welcome) string
		end   bool // of the old session
	}{
		"no such token": {query: func(protocol.Welcome) string { return "user=7&resume=nonsense&received=0" }},
		"another user":  {query: func(w protocol.Welcome) string { return "user=8&resume=" + w.ResumeToken }},
		"another room":  {query: func(w protocol.Welcome) string { return "user=7&room=2&resume=" + w.ResumeToken }},
		"another channel": {query: func(w protocol.Welcome) string {
			return "user=7&channel=call&resume=" + w.ResumeToken
		}},
		"more than was sent":        {end: true},
		"more frames than are kept": {away: func(n *node) { n.note(1, 1, 101) }, end: true},
		"more bytes than are kept": {
			cfg: func(c *room.Config) { c.Resume.Bytes = 300 }, away: func(n *node) { n.note(1, 1, 10) }, end: true,
		},
		"more bytes than the node keeps": {
			cfg: func(c *room.Config) { c.Resume.NodeBytes = 300 }, away: func(n *node) { n.note(1, 1, 10) }, end: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := lasting()
			if c.cfg != nil {
				c.cfg(&cfg)
			}
			n := start(t, cfg, &fake{})
			p := n.dial("user=7")
			w := welcomed(t, p)
			p.cut()
			n.await("suspended", 1)
			received := "0"
			if c.away != nil {
				c.away(n)
				n.await("torn", 1)
			} else {
				received = "1"
			}
			query := "user=7&received=" + received + "&resume=" + w.ResumeToken
			if c.query != nil {
				query = c.query(w)
			}
			p = n.dial(query)
			fresh := welcomed(t, p)
			require.False(t, fresh.Resumed)
			require.NotEqual(t, w.ConnectionID, fresh.ConnectionID)
			p.alive()
			if c.end {
				require.Equal(t, protocol.LeaveTimeout, take(t, n.fake.left, "the old session's end"))
			}
			require.Empty(t, n.fake.left)
		})
	}
}

// A resume takes over from a socket that looks alive, and nobody sees a leave;
// what the old one still says is not heard.
func TestTakeover(t *testing.T) {
	for _, query := range []string{"user=7", "user=7&ack=1"} {
		t.Run(query, func(t *testing.T) {
			n := start(t, lasting(), &fake{})
			old := n.dial(query)
			w := welcomed(t, old)
			n.note(1, 1, 3)
			old.expectNotes(1, 3)
			p := n.resume(w, 3, query)
			again := welcomed(t, p)
			require.True(t, again.Resumed)
			require.Equal(t, w.ConnectionID, again.ConnectionID)
			require.Equal(t, protocol.CloseReplaced, old.code())
			n.note(1, 4, 6)
			p.expectNotes(4, 6)
			p.alive()
			require.Empty(t, n.fake.left)
			require.Equal(t, 1, n.meter.get(room.ResumeTook))
			require.Equal(t, 1, n.meter.get("session chat"))
		})
	}
}

// Who does not come back has left, as a timeout.
func TestWindowEnds(t *testing.T) {
	cfg := lasting()
	cfg.Resume.Window = 50 * time.Millisecond
	n := start(t, cfg, &fake{})
	p := n.dial("user=7")
	w := welcomed(t, p)
	p.cut()
	require.Equal(t, protocol.LeaveTimeout, take(t, n.fake.left, "the end of the window"))
	n.await("suspended", 0)
	require.Equal(t, 1, n.meter.get(room.ResumeExpired))
	require.False(t, welcomed(t, n.resume(w, 0, "user=7")).Resumed)
}

// What ends a right ends a session that waits for its client.
func TestEndingsReachWhoIsAway(t *testing.T) {
	for name, c := range map[string]struct {
		end func(h *room.Hub)
		why protocol.LeaveReason
	}{
		"logout":  {func(h *room.Hub) { h.LoggedOut(5) }, protocol.LeaveLogout},
		"removal": {func(h *room.Hub) { h.Removed(1, 7, protocol.LeaveRemoved) }, protocol.LeaveRemoved},
		"room":    {func(h *room.Hub) { h.RoomDeleted(1) }, protocol.LeaveRoomDeleted},
	} {
		t.Run(name, func(t *testing.T) {
			n := start(t, lasting(), &fake{})
			p := n.dial("user=7&token=5")
			welcomed(t, p)
			p.cut()
			n.await("suspended", 1)
			c.end(n.hub)
			require.Equal(t, c.why, take(t, n.fake.left, "the end"))
			n.await("suspended", 0)
		})
	}
}

// A client that says goodbye has left, whatever code it gives.
func TestGoodbyeIsNoLoss(t *testing.T) {
	for _, code := range []int{1000, 1001, 1012, 4000} {
		n := start(t, lasting(), &fake{})
		p := n.dial("user=7")
		welcomed(t, p)
		require.NoError(t, p.conn.Close(websocket.StatusCode(code), ""))
		require.Equal(t, protocol.LeaveLeft, take(t, n.fake.left, "the leave"))
		require.Zero(t, n.meter.get("suspended"))
	}
}

// What a client says it has is not kept for it.
func TestReceived(t *testing.T) {
	cfg := lasting()
	cfg.Resume.Frames = 10
	n := start(t, cfg, &fake{})
	p := n.dial("user=7&ack=1")
	w := welcomed(t, p)
	total := 0
	for range 5 {
		n.note(1, total+1, total+9)
		p.expectNotes(total+1, total+9)
		total += 9
		p.send(fmt.Sprintf(`{"type":"received","data":{"n":%d}}`, total))
	}
	f := p.ask(`{"type":"received","id":"a","data":{"n":46}}`)
	require.Equal(t, protocol.TypeError, f.Type, "one more than was sent")
	f = p.ask(`{"type":"received","id":"b","data":{"n":46}}`)
	require.Equal(t, protocol.TypeAck, f.Type, "now one more was: the error")
	p.cut()
	n.await("suspended", 1)
	p = n.resume(w, 46, "user=7&ack=1")
	require.True(t, welcomed(t, p).Resumed)
	require.Equal(t, protocol.TypeAck, p.read().Type, "which was not received")
	p.alive()
}

// A node that ends keeps what is under way until its process does; nobody sees a
// leave.
func TestDrainKeepsSessions(t *testing.T) {
	n := start(t, lasting(), &fake{})
	p := n.dial("user=7")
	welcomed(t, p)
	n.hub.Drain()
	require.Equal(t, protocol.TypeReconnect, p.read().Type)
	require.Equal(t, protocol.CloseRestart, p.code())
	n.await("suspended", 1)
	require.Empty(t, n.fake.left)
}

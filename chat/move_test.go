package chat_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/presence"
	"parley/protocol"
	"parley/room"
	"parley/store"
)

// startTwo starts two nodes over one store.
func startTwo(t *testing.T, st *fakeStore) (a, b *node) {
	medium, registry := cluster.NewMemory(), presence.NewMemory(time.Hour, time.Now)
	for _, n := range []**node{&a, &b} {
		name := "a"
		if a != nil {
			name = "b"
		}
		bus := medium.Bus()
		t.Cleanup(func() { _ = bus.Close() })
		*n = (&node{
			t: t, store: st, presence: registry, bus: bus, boot: name, others: true,
			resume: room.Resume{Window: time.Minute, Frames: 1000, Bytes: 1 << 20},
		}).start(registry.Node(name))
	}
	return a, b
}

func (p *peer) welcomed() (w protocol.Welcome) {
	p.t.Helper()
	require.NoError(p.t, json.Unmarshal(p.expect(protocol.TypeWelcome).Data, &w))
	return w
}

// moved is a client's return to another node.
func (n *node) moved(w protocol.Welcome, received int, query string) *peer {
	n.t.Helper()
	p := n.dial(fmt.Sprintf("%s&resume=%s&received=%d", query, w.ResumeToken, received))
	require.True(n.t, p.welcomed().Resumed)
	return p
}

// A client that goes on on another node gets what it has not got, once: what was
// kept for it, and what that node was not told.
func TestMovedSessionHasEveryMessageOnce(t *testing.T) {
	a, b := startTwo(t, newFakeStore(3))
	p := a.dial("user=7&ack=1&since=0")
	w := p.welcomed()
	p.seqs(1, 3)
	p.expect(protocol.TypePresenceState)
	a.post(2)
	p.seqs(4, 5)
	_ = p.conn.CloseNow()
	a.post(2) // kept for it, or on a socket that is lost
	a.turn()
	a.store.mu.Lock()
	a.store.append(store.NewMessage{RoomID: 1, AuthorID: 1, Content: "elsewhere"}) // not delivered at a
	a.store.mu.Unlock()
	p = b.moved(w, 6, "user=7&ack=1") // the replay, the state, two messages
	p.seqs(6, 8)
	p.expect(protocol.TypePresenceState)
	b.post(1)
	p.seqs(9, 9)
	p.still()
}

// It gets what became of the messages that it has.
func TestMovedSessionHearsOfChanges(t *testing.T) {
	a, b := startTwo(t, newFakeStore(3))
	p := a.dial("user=7&ack=1&since=0")
	w := p.welcomed()
	p.seqs(1, 3)
	p.expect(protocol.TypePresenceState)
	changed := make(chan error, 2)
	a.store.PostEdit(1, 1, 1001, "better", func(_ store.Message, err error) { changed <- err })
	a.store.PostDelete(1, 1, 1002, func(_ store.Message, _ bool, err error) { changed <- err })
	require.NoError(t, take(t, changed, "the edit"))
	require.NoError(t, take(t, changed, "the deletion"))
	p = b.moved(w, 4, "user=7&ack=1")
	var m protocol.Message
	require.NoError(t, json.Unmarshal(p.expect(protocol.TypeMessageEdit).Data, &m))
	require.Equal(t, "better", m.Content)
	p.expect(protocol.TypeMessageDelete)
	p.expect(protocol.TypePresenceState)
	p.still()
}

// A replay that was under way goes on where it was.
func TestMovedReplayGoesOn(t *testing.T) {
	const messages = 500
	a, b := startTwo(t, newFakeStore(messages))
	p := a.dial("user=7&ack=1&since=0")
	w := p.welcomed()
	p.seqs(1, 50)
	p = b.moved(w, 50, "user=7&ack=1")
	p.seqs(51, messages)
	p.expect(protocol.TypePresenceState)
	p.send(`{"type":"ping"}`)
	for f := p.read(); f.Type != protocol.TypePong; f = p.read() {
		require.Equal(t, protocol.TypePresenceState, f.Type, "which is kept where the replay had ended")
	}
}

// Those who stay are not told that somebody left who is on another node.
func TestMovedUserIsOnlineAllTheTime(t *testing.T) {
	a, b := startTwo(t, newFakeStore(0))
	stays := a.enter("user=2")
	p := a.dial("user=7&ack=1")
	w := p.welcomed()
	stays.expect(protocol.TypeUserOnline)
	p = b.moved(w, 1, "user=7&ack=1")
	p.expect(protocol.TypePresenceState)
	stays.still()
}

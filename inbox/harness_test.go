package inbox_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/inbox"
	"parley/protocol"
	"parley/room"
)

// bench is two nodes on one store, in a bubble of virtual time.
type bench struct {
	t     testing.TB
	store *fakeStore
	nodes []*node
	deaf  bool // nodes do not hear each other
}

type node struct {
	*inbox.Service
	hub *hub
}

// hub tells a Service what a room.Hub would.
type hub struct {
	room.Concierge
	room.Endings
	bench *bench
	hears map[byte]func(room.Letter)
	heard func()
}

func (h *hub) Employ(c room.Concierge)               { h.Concierge = c }
func (h *hub) Watch(e room.Endings)                  { h.Endings = e }
func (h *hub) Serve(kind byte, fn func(room.Letter)) { h.hears[kind] = fn }
func (h *hub) WhenHeard(fn func())                   { h.heard = fn }

func (h *hub) Announce(kind byte, body []byte) bool {
	for _, n := range h.bench.nodes {
		if n.hub != h && !h.bench.deaf {
			n.hub.hears[kind](room.Letter{Kind: kind, Body: body})
		}
	}
	return !h.bench.deaf
}

// within runs a test in a bubble.
func within(t *testing.T, fn func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		defer func() {
			for _, n := range b.nodes {
				n.Stop()
			}
		}()
		fn(b)
	})
}

func newBench(t testing.TB) *bench {
	b := &bench{t: t, store: newFakeStore()}
	for range 2 {
		n := &node{hub: &hub{bench: b, hears: make(map[byte]func(room.Letter))}}
		n.Service = inbox.New(inbox.Config{Logger: slog.New(slog.DiscardHandler)}, b.store, b.store, n.hub)
		b.nodes = append(b.nodes, n)
	}
	for _, n := range b.nodes {
		n.Start()
	}
	return b
}

// hear has a node hear the others again.
func (b *bench) hear(node int) {
	b.deaf = false
	b.nodes[node].hub.heard()
	synctest.Wait()
}

// pass lets virtual time pass, and all that is to happen in it happen.
func (b *bench) pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// everywhere does what a hub does on every node.
func (b *bench) everywhere(fn func(h *hub)) {
	for _, n := range b.nodes {
		fn(n.hub)
	}
}

// arrive has a client of a user come to a node and all that follows happen.
func (b *bench) arrive(node int, userID int64) *fakeClient {
	c := b.come(node, userID)
	synctest.Wait()
	return c
}

func (b *bench) come(node int, userID int64) *fakeClient {
	c := &fakeClient{t: b.t, node: b.nodes[node], user: protocol.User{ID: userID}}
	c.node.hub.Arrived(c, "")
	return c
}

// post has a message stored, and a node told.
func (b *bench) post(node int, roomID, author int64) {
	b.store.post(roomID, author)
	b.nodes[node].Changed(roomID, 0)
}

func (b *bench) read(node int, roomID, userID int64) {
	b.store.read(roomID, userID)
	b.nodes[node].Changed(roomID, userID)
}

func (b *bench) join(roomID, userID int64) {
	b.store.join(roomID, userID)
	b.everywhere(func(h *hub) { h.Added(roomID, userID) })
}

func (b *bench) leave(roomID, userID int64, why protocol.LeaveReason) {
	b.store.leave(roomID, userID)
	b.everywhere(func(h *hub) { h.Removed(roomID, userID, why) })
}

func (b *bench) deleteRoom(roomID int64) {
	b.store.change(func() { delete(b.store.unread, roomID) })
	b.everywhere(func(h *hub) { h.RoomDeleted(roomID) })
}

// fakeClient is a room.Client that keeps what it is sent.
type fakeClient struct {
	t    testing.TB
	node *node
	user protocol.User

	mu   sync.Mutex
	sent []received // guarded by mu
}

type received struct {
	at     time.Time
	Type   protocol.Type   `json:"type"`
	RoomID int64           `json:"room_id"`
	Data   json.RawMessage `json:"data"`
}

func (r received) String() string { return fmt.Sprintf("%s %d %s", r.Type, r.RoomID, r.Data) }

func (c *fakeClient) User() *protocol.User { return &c.user }

func (c *fakeClient) Send(f room.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := received{at: time.Now()}
	if err := json.Unmarshal(f.Payload(), &r); err != nil || r.Type != f.Type {
		c.t.Errorf("not a frame of type %s: %q, %v", f.Type, f.Payload(), err)
	}
	c.sent = append(c.sent, r)
}

func (c *fakeClient) Ack(protocol.ID, protocol.Payload) { c.t.Error("there is nothing to acknowledge") }
func (c *fakeClient) Fail(protocol.ID, error)           { c.t.Error("there is nothing to fail") }
func (c *fakeClient) Post(fn func()) bool               { fn(); return true }

func (c *fakeClient) leave() { c.node.hub.Left(c, "") }

// take returns what came since it was called last.
func (c *fakeClient) take() []received {
	c.mu.Lock()
	defer c.mu.Unlock()
	sent := c.sent
	c.sent = nil
	return sent
}

// requireTaken wants these frames to have come, in any order of the rooms.
func (c *fakeClient) requireTaken(want ...string) {
	c.t.Helper()
	got := []string{}
	for _, f := range c.take() {
		got = append(got, f.String())
	}
	slices.Sort(got)
	slices.Sort(want)
	require.Equal(c.t, append([]string{}, want...), got)
}

func unreadFrame(roomID int64, count int, lastSeq int64) string {
	return fmt.Sprintf(`unread %d {"room_id":%d,"unread_count":%d,"last_seq":%d}`, roomID, roomID, count, lastSeq)
}

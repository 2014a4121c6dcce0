package ringing_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/edge"
	"parley/protocol"
	"parley/ringing"
	"parley/room"
	"parley/store"
	"parley/store/sqlite"
)

// patience bounds every wait that only a failure would use up.
const patience = 10 * time.Second

// node is ringing over a real hub and store; its clients are the test's own.
type node struct {
	t     testing.TB
	rings *ringing.Service
	store *failing
	meter *meter
	told  chan telling

	medium     *cluster.Memory
	leaveFleet func() // no more to be heard or told
}

// telling is what goes to a user's sockets on every node.
type telling struct {
	User   int64         `json:"user"`
	ChatOf int64         `json:"chat_of"`
	Type   protocol.Type `json:"type"`
	Frame  struct {
		RoomID int64           `json:"room_id"`
		Data   json.RawMessage `json:"data"`
	} `json:"frame"`
}

// prepare makes a node that is not started, with users 1 to people in room 1.
func prepare(t testing.TB, people int) *node {
	t.Helper()
	db, err := sqlite.Open(t.Context(), sqlite.Config{Path: sqlite.MemoryPath})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	n := &node{t: t, store: &failing{Store: db}, meter: &meter{count: map[string]int{}}, told: make(chan telling, 1024)}
	for i := range people {
		name := fmt.Sprint("user", i+1)
		_, err := db.CreateUser(t.Context(), store.NewUser{
			Username: name, Email: name, DisplayName: name, TokenHash: store.Hash{byte(i), byte(i >> 8)},
		})
		require.NoError(t, err)
		if i == 0 {
			_, err = db.CreateRoom(t.Context(), store.NewRoom{Name: "room", OwnerID: 1})
		} else {
			_, err = db.AddParticipant(t.Context(), 1, int64(i+1))
		}
		require.NoError(t, err)
	}
	medium := cluster.NewMemory()
	n.join(medium)
	n.listen(medium.Bus())
	return n
}

// beside makes another node on the same store and medium.
func (n *node) beside() *node {
	other := &node{t: n.t, store: n.store, meter: &meter{count: map[string]int{}}, told: n.told}
	other.join(n.medium)
	return other
}

// await has clients of a user come and go until one is told.
func (n *node) await(user int64, typ protocol.Type) *client {
	n.t.Helper()
	var c *client
	require.Eventually(n.t, func() bool {
		c = n.arrive(user)
		select {
		case f := <-c.got:
			require.Equal(n.t, typ, f.Type)
			return true
		case <-time.After(10 * time.Millisecond):
			n.rings.Leave(c, "")
			return false
		}
	}, patience, time.Millisecond, "nothing rings, nothing was missed")
	return c
}

// awaitSilence waits until nothing rings for who arrives.
func (n *node) awaitSilence(user int64) {
	n.t.Helper()
	require.Eventually(n.t, func() bool {
		c := n.arrive(user)
		defer n.rings.Leave(c, "")
		select {
		case <-c.got:
			return false
		case <-time.After(10 * time.Millisecond):
			return true
		}
	}, patience, time.Millisecond, "it still rings")
}

// join puts the service onto a hub of its own.
func (n *node) join(medium *cluster.Memory) {
	n.medium = medium
	bus, log := medium.Bus(), slog.New(slog.NewTextHandler(n.t.Output(), nil))
	hub := room.NewHub(room.Config{Logger: log}, bus)
	n.rings = ringing.New(ringing.Config{Logger: log, Meter: n.meter}, n.store, hub)
	e, err := edge.New(edge.Config{Shards: 1}, nil)
	require.NoError(n.t, err)
	hub.Start(e.Shards())
	n.leaveFleet = hub.Stop
	n.t.Cleanup(func() {
		hub.Stop()
		require.NoError(n.t, e.Stop(context.Background()))
		require.NoError(n.t, bus.Close())
	})
}

// listen takes note of what the hub tells the other nodes to tell users.
func (n *node) listen(bus cluster.Bus) {
	const kindTelling, kind = 2, 1 // of a letter's kinds, and where that is
	cancel, err := bus.Subscribe(n.t.Context(), "parley.nodes", func(b []byte) {
		if b[kind] != kindTelling {
			return
		}
		var told telling
		if err := json.Unmarshal(b[bytes.IndexByte(b, '{'):], &told); err != nil {
			panic(err)
		}
		n.told <- told
	})
	require.NoError(n.t, err)
	n.t.Cleanup(func() { cancel(); require.NoError(n.t, bus.Close()) })
}

func start(t testing.TB, people int) *node {
	t.Helper()
	n := prepare(t, people)
	require.NoError(t, n.rings.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, n.rings.Stop(context.Background())) })
	return n
}

// tells requires what a user's sockets are told next.
func (n *node) tells(user int64, typ protocol.Type) telling {
	n.t.Helper()
	told := take(n.t, n.told, string(typ))
	require.Equal(n.t, typ, told.Type, "%+v", told)
	require.Equal(n.t, user, told.User)
	return told
}

// client is a multiplexed socket.
type client struct {
	n    *node
	user protocol.User
	got  chan reply
	mu   sync.Mutex // held by what was posted
}

// reply is a frame that a client got: Data of an ack, Err of an error.
type reply struct {
	room.Frame
	Data protocol.Payload
	Err  *protocol.Error
}

func (n *node) client(user int64) *client {
	return &client{n: n, user: protocol.User{ID: user, Username: fmt.Sprint("user", user)}, got: make(chan reply, 256)}
}

// arrive makes a client that the service knows.
func (n *node) arrive(user int64) *client {
	c := n.client(user)
	n.rings.Arrive(c, "")
	return c
}

func (c *client) User() *protocol.User { return &c.user }
func (c *client) Send(f room.Frame)    { c.got <- reply{Frame: f} }

func (c *client) Ack(_ protocol.ID, data protocol.Payload) { c.got <- reply{Data: data} }
func (c *client) Fail(_ protocol.ID, err error)            { c.got <- reply{Err: protocol.AsError(err)} }

func (c *client) Post(fn func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	fn()
	return true
}

// send has the service receive a frame of the client's.
func (c *client) send(typ protocol.Type, roomID int64, data string) {
	c.n.rings.Receive(c, "", roomID, protocol.Envelope{Type: typ, ID: protocol.ID(`"1"`), Data: []byte(data)})
}

func (c *client) next() reply {
	c.n.t.Helper()
	return take(c.n.t, c.got, "a frame")
}

// asks sends a frame and requires it to be refused.
func (c *client) refused(code protocol.Code, typ protocol.Type, roomID int64, data string) {
	c.n.t.Helper()
	c.send(typ, roomID, data)
	r := c.next()
	require.NotNil(c.n.t, r.Err, "%s %s: %+v", typ, data, r)
	require.Equal(c.n.t, code, r.Err.Code, "%s %s", typ, data)
}

// invites has everybody else of room 1 called.
func (c *client) invites(data string) protocol.Invited {
	c.n.t.Helper()
	c.send(protocol.TypeCallInvite, 1, data)
	r := c.next()
	require.Nil(c.n.t, r.Err)
	return r.Data.(protocol.Invited)
}

func named(id string) string { return fmt.Sprintf(`{"invite_id":%q}`, id) }

// meter counts by result.
type meter struct {
	mu    sync.Mutex
	count map[string]int // guarded by mu
}

func (m *meter) InvitesEnded(result string, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count[result] += n
}

func (m *meter) get() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count
}

func take[T any](t testing.TB, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		require.FailNow(t, "waited in vain for "+what)
		panic("unreachable")
	}
}

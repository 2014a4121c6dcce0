package chat_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/chat"
	"parley/cluster"
	"parley/edge"
	"parley/presence"
	"parley/protocol"
	"parley/room"
	"parley/room/roomtest"
)

// patience bounds every wait that only a failure would use up.
const patience = 10 * time.Second

// node is chat over a real hub and edge, and a store of the test's own. It lets
// in whoever says ?user=7&room=1&since=2.
type node struct {
	t        testing.TB
	chat     *chat.Service
	hub      *room.Hub
	shards   []*edge.Shard
	store    *fakeStore
	view     chat.Store // of it; nil: itself
	presence *presence.Memory
	meter    chat.Meter // nil: none
	inbox    chat.Inbox // nil: none
	others   bool       // there are other nodes
	boot     string     // default: here
	bus      cluster.Bus
	config   func(c *chat.Config) // nil: as it is
	resume   room.Resume
	addr     string
}

func start(t testing.TB, st *fakeStore) *node {
	t.Helper()
	n := &node{t: t, store: st, presence: presence.NewMemory(time.Hour, time.Now)}
	return n.start(n.presence.Node("here"))
}

func (n *node) start(reg presence.Registry) *node {
	t := n.t
	log := slog.New(slog.DiscardHandler)
	if n.meter == nil {
		n.meter = noMeter{}
	}
	if n.bus == nil {
		n.bus = cluster.NewMemory().Bus()
	}
	boot := cmp.Or(n.boot, "here")
	n.hub = room.NewHub(room.Config{Node: boot, Boot: boot, Resume: n.resume, Alone: !n.others && !roomtest.Apart(), Logger: log}, n.bus)
	cfg := chat.Config{Inbox: n.inbox, Logger: log, Meter: n.meter}
	if n.config != nil {
		n.config(&cfg)
	}
	if n.view == nil {
		n.view = n.store
	}
	n.chat = chat.New(cfg, n.view, n.hub, reg)
	e, err := edge.New(edge.Config{Shards: roomtest.Shards}, n)
	require.NoError(t, err)
	n.shards = e.Shards()
	n.hub.Start(e.Shards())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n.addr = l.Addr().String()
	srv := &http.Server{Handler: e, ReadHeaderTimeout: patience}
	served := make(chan struct{})
	go func() { defer close(served); _ = srv.Serve(l) }()
	t.Cleanup(func() {
		_ = srv.Close()
		<-served
		n.hub.Stop()
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // whoever is left is given up
		_ = e.Stop(ctx)
		n.chat.Stop()
		_ = n.bus.Close()
	})
	return n
}

// AdmitNow implements edge.Gate.
func (n *node) AdmitNow(*edge.Request) (edge.Admission, bool) { return edge.Admission{}, false }

// Admit implements edge.Gate.
func (n *node) Admit(ctx context.Context, r *edge.Request) edge.Admission {
	q, _ := url.ParseQuery(r.RawQuery)
	number := func(key string, otherwise int64) int64 {
		if i, err := strconv.ParseInt(q.Get(key), 10, 64); err == nil {
			return i
		}
		return otherwise
	}
	user := number("user", 1)
	roomID := number("room", 1)
	a := edge.Admission{Result: "ok", Shard: roomtest.Place(n.shards, roomID, user)}
	u := userOf(user)
	return n.hub.Admit(a, n.hub.Claim(ctx, room.Entry{
		RoomID: roomID, Channel: protocol.ChannelChat, User: &u,
		TokenID: user, Since: number("since", -1), Checked: time.Now(),
		Return: room.Return{Token: q.Get("resume"), Received: int(number("received", -1))}, Acks: q.Get("ack") == "1",
	}))
}

func userOf(id int64) protocol.User {
	return protocol.User{ID: id, Username: fmt.Sprint("user", id)}
}

type noMeter struct{}

func (noMeter) Stored(bool)                         {}
func (noMeter) CommitToDelivery(int, time.Duration) {}
func (noMeter) Replayed(int)                        {}
func (noMeter) Published(bool)                      {}
func (noMeter) Heard()                              {}
func (noMeter) GapClosed(bool)                      {}
func (noMeter) Repaired(int)                        {}

// peer is a client's end of a socket.
type peer struct {
	t    testing.TB
	conn *websocket.Conn
}

type frame struct {
	Type protocol.Type   `json:"type"`
	ID   *string         `json:"id"`
	Data json.RawMessage `json:"data"`
}

func (n *node) dial(query string) *peer {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+n.addr+"/?"+query, nil)
	require.NoError(n.t, err)
	conn.SetReadLimit(-1)
	n.t.Cleanup(func() { _ = conn.CloseNow() })
	return &peer{n.t, conn}
}

// enter is dial for a peer that has nothing to catch up.
func (n *node) enter(query string) *peer {
	n.t.Helper()
	p := n.dial(query)
	p.expect(protocol.TypeWelcome)
	p.expect(protocol.TypePresenceState)
	return p
}

func (p *peer) read() (f frame) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, b, err := p.conn.Read(ctx)
	require.NoError(p.t, err)
	require.NoError(p.t, json.Unmarshal(b, &f), "%s", b)
	return f
}

func (p *peer) expect(typ protocol.Type) frame {
	p.t.Helper()
	f := p.read()
	require.Equal(p.t, typ, f.Type, "frame: %s", f.Data)
	return f
}

// seqs requires chat messages with the seqs first to last, and nothing else.
func (p *peer) seqs(first, last int64) {
	p.t.Helper()
	for seq := first; seq <= last; seq++ {
		f := p.expect(protocol.TypeChatMessage)
		var m protocol.Message
		require.NoError(p.t, json.Unmarshal(f.Data, &m))
		require.Equal(p.t, seq, m.Seq)
	}
}

func (p *peer) send(text string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(p.t, p.conn.Write(ctx, websocket.MessageText, []byte(text)))
}

// still requires that nothing came unread.
func (p *peer) still() {
	p.t.Helper()
	p.send(`{"type":"ping"}`)
	p.expect(protocol.TypePong)
}

func (p *peer) code() protocol.CloseCode {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		if _, _, err := p.conn.Read(ctx); err != nil {
			require.NotEqual(p.t, websocket.StatusCode(-1), websocket.CloseStatus(err), "no close frame: %v", err)
			return protocol.CloseCode(websocket.CloseStatus(err))
		}
	}
}

// post sends n messages of user 2, as REST does; they are stored when it returns.
func (n *node) post(count int) {
	n.t.Helper()
	for range count {
		content := "new"
		_, _, err := n.chat.Send(context.Background(), userOf(2), 1, protocol.SendMessage{Content: &content})
		require.NoError(n.t, err)
	}
}

// postHeld is post while the store holds its callbacks back: the messages are
// stored, and nobody knows.
func (n *node) postHeld(count int) {
	n.t.Helper()
	content := "new"
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range count {
		_, _, err := n.chat.Send(ctx, userOf(2), 1, protocol.SendMessage{Content: &content})
		require.ErrorIs(n.t, err, context.Canceled)
	}
}

// turn waits until the room has done all that was posted to it.
func (n *node) turn() {
	n.t.Helper()
	_, err := room.Ask(context.Background(), n.hub, 1, func(*room.Room) bool { return true })
	require.NoError(n.t, err)
}

// present waits until so many sessions are in the room, which takes a moment
// where their sockets are on other shards.
func (n *node) present(want int) {
	n.t.Helper()
	require.Eventually(n.t, func() bool {
		got, err := room.Ask(context.Background(), n.hub, 1, func(r *room.Room) int {
			return len(slices.Collect(r.Sessions("")))
		})
		return err == nil && got == want
	}, patience, time.Millisecond, "%d sessions in the room", want)
}

// take receives from ch, or fails the test.
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

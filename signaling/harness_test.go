package signaling_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/cluster"
	"parley/edge"
	"parley/protocol"
	"parley/room"
	"parley/room/roomtest"
	"parley/signaling"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestApart(t *testing.T) { roomtest.Again(t, "") }

const patience = 30 * time.Second

// roomID is the room of every socket in these tests.
const roomID = 7

// node is calls on a real edge, without the rest of a server.
type node struct {
	calls *signaling.Service
	hub   *room.Hub
	meter *meter
	url   string
}

func start(t testing.TB, cfg signaling.Config) *node {
	t.Helper()
	return startKeeping(t, cfg, 0)
}

// startKeeping is start for a node that keeps so many bytes for clients that are
// away.
func startKeeping(t testing.TB, cfg signaling.Config, bytes int) *node {
	t.Helper()
	bus := cluster.NewMemory().Bus()
	n := startOn(t, cfg, room.Config{Node: "n", Alone: true, Resume: room.Resume{NodeBytes: bytes}}, bus)
	t.Cleanup(func() { require.NoError(t, bus.Close()) })
	return n
}

// startOn is start for a node among others.
func startOn(t testing.TB, cfg signaling.Config, hub room.Config, bus cluster.Bus) *node {
	t.Helper()
	n := &node{meter: &meter{}}
	cfg.Meter = n.meter
	if cfg.ICEServers == nil {
		cfg.ICEServers = func(int64) protocol.ICEServers {
			return protocol.ICEServers{ICEServers: []protocol.ICEServer{}}
		}
	}
	hub.Heartbeat = time.Minute
	n.hub = room.NewHub(hub, bus)
	n.calls = signaling.New(cfg, n.hub)
	g := &gate{hub: n.hub}
	e, err := edge.New(edge.Config{Shards: shards()}, g)
	require.NoError(t, err)
	g.shards = e.Shards()
	n.hub.Start(e.Shards())
	server := httptest.NewServer(e)
	n.url = server.URL
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		e.Drain()
		n.hub.Drain()
		n.hub.Stop()
		require.NoError(t, e.Stop(ctx))
		server.Close()
		n.calls.Stop()
	})
	return n
}

// gate lets anybody in as the user that is the URL's query.
type gate struct {
	hub    *room.Hub
	shards []*edge.Shard
}

// shards is how many a node has: one, so that what it costs can be compared,
// unless it is to be apart.
func shards() int {
	if roomtest.Apart() {
		return roomtest.Shards
	}
	return 1
}

func (*gate) AdmitNow(*edge.Request) (edge.Admission, bool) { return edge.Admission{}, false }

func (g *gate) Admit(ctx context.Context, r *edge.Request) edge.Admission {
	user, formerly, _ := strings.Cut(r.RawQuery, "&")
	id, err := strconv.ParseInt(user, 10, 64)
	if err != nil {
		panic(err)
	}
	e := room.Entry{
		RoomID: roomID, Channel: protocol.ChannelCall, TokenID: id, Checked: time.Now(),
		User: &protocol.User{ID: id, Username: fmt.Sprintf("user%d", id)},
	}
	switch {
	case strings.Contains(formerly, "~"):
		e.Return = room.Return{Token: formerly, Received: -1}
	case formerly != "":
		e.Return = room.Return{Token: formerly + "~gone~ticket", Received: -1}
	}
	return g.hub.Admit(edge.Admission{Shard: roomtest.Place(g.shards, roomID, id)}, g.hub.Claim(ctx, e))
}

// socket is one call socket.
type socket struct{ conn *websocket.Conn }

func (n *node) open(t testing.TB, userID int64) *socket {
	t.Helper()
	return n.openInstead(t, userID, "")
}

// openInstead is open for a client that had a connection elsewhere.
func (n *node) openInstead(t testing.TB, userID int64, formerly string) *socket {
	t.Helper()
	k := n.dial(t, userID, formerly)
	k.await(t, protocol.TypeCallState)
	return k
}

// dial opens a socket in the place of a connection, or with a resume token.
func (n *node) dial(t testing.TB, userID int64, formerly string) *socket {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, fmt.Sprintf("%s/?%d&%s", n.url, userID, formerly), nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &socket{conn}
}

func (k *socket) send(t testing.TB, frame string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, k.conn.Write(ctx, websocket.MessageText, []byte(frame)))
}

// await reads on to the next frame of a type and returns its data.
func (k *socket) await(t testing.TB, typ protocol.Type) json.RawMessage {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		_, b, err := k.conn.Read(ctx)
		require.NoError(t, err, "waiting for %s", typ)
		var f struct {
			Type protocol.Type
			Data json.RawMessage
		}
		require.NoError(t, json.Unmarshal(b, &f))
		if f.Type == typ {
			return f.Data
		}
	}
}

// join joins the call and waits for the answer.
func (k *socket) join(t testing.TB) {
	t.Helper()
	k.send(t, `{"type":"join_call","id":"j"}`)
	k.await(t, protocol.TypeAck)
}

// meter keeps what it is told, in order, as text.
type meter struct {
	mu     sync.Mutex
	events []string       // guarded by mu, as is counts
	counts map[string]int // of what comes as often as it happens to
}

func (m *meter) count(what string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.counts == nil {
		m.counts = make(map[string]int)
	}
	m.counts[what]++
}

func (m *meter) counted(what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts[what]
}

func (m *meter) note(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events = append(m.events, fmt.Sprintf(format, args...))
}

// taken returns what was noted since it was last asked.
func (m *meter) taken() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	events := m.events
	m.events = nil
	return events
}

func (m *meter) StateChanged(from, to string)          { m.note("%s → %s", from, to) }
func (m *meter) Peers(delta int)                       { m.note("peers %+d", delta) }
func (m *meter) Relayed(typ, delivery string)          { m.note("%s %s", typ, delivery) }
func (m *meter) PeerReport(s, local, remote, p string) { m.note("%s %s/%s %s", s, local, remote, p) }
func (m *meter) Swapped(outcome string)                { m.count("swap " + outcome) }
func (m *meter) RelayedAcross(outcome string)          { m.count("across " + outcome) }
func (m *meter) Apart(delta int)                       { m.count(fmt.Sprintf("apart %+d", delta)) }
func (m *meter) PeerConnected(took time.Duration)      { m.note("connected in %s", took) }

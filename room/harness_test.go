package room_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/edge"
	"parley/protocol"
	"parley/room"
	"parley/room/roomtest"
)

// patience bounds every wait that only a failure would use up.
const patience = 10 * time.Second

// node is a hub over a real edge. Whoever connects is let in as the query says:
// ?user=7&room=3&channel=chat&token=5&since=2, with &shift=1 on the shard that
// many behind the room's.
type node struct {
	t     testing.TB
	hub   *room.Hub
	edge  *edge.Edge
	meter *meter // the hub's
	ends  *ends  // the edge's
	addr  string
	fake  *fake

	// admitting, where set, runs in the handshake, after the rights were checked
	// and before the socket goes to its shard.
	admitting atomic.Pointer[func(e *room.Entry)]
	// arriving, where set, runs in the handshake when the session that the client
	// returns to has been looked for.
	arriving atomic.Pointer[func(e *room.Entry)]
	// opening, where set, runs on the shard around what makes a socket's handler.
	opening atomic.Pointer[func(open func() edge.Handler) edge.Handler]
	// free leaves the choice of shards to the hub, however the tests are run.
	free bool
}

// meanwhile sets admitting.
func (n *node) meanwhile(fn func(e *room.Entry)) { n.admitting.Store(&fn) }

// start starts a node alone.
func start(t testing.TB, cfg room.Config, f *fake) *node {
	t.Helper()
	return startOn(t, cfg, f, cluster.NewMemory().Bus())
}

func startOn(t testing.TB, cfg room.Config, f *fake, bus cluster.Bus) *node {
	t.Helper()
	n := &node{t: t, meter: newMeter(), ends: &ends{meter: newMeter()}, fake: f.withDefaults()}
	if cfg.Meter == nil {
		cfg.Meter = n.meter
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	n.hub = room.NewHub(cfg, bus)
	for _, ch := range []protocol.Channel{protocol.ChannelChat, protocol.ChannelCall} {
		n.hub.Register(ch, func(r *room.Room) room.Behavior {
			n.fake.made <- r
			return n.fake
		})
	}
	n.hub.Guard(lists{})
	n.hub.Employ(f.concierge)
	for _, e := range f.endings {
		n.hub.Watch(e)
	}
	var err error
	n.edge, err = edge.New(edge.Config{Shards: roomtest.Shards, CloseTimeout: time.Second, Heartbeat: time.Second, Meter: n.ends}, n)
	require.NoError(t, err)
	n.hub.Start(n.edge.Shards())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n.addr = l.Addr().String()
	srv := &http.Server{Handler: n.edge, ReadHeaderTimeout: patience}
	served := make(chan struct{})
	go func() { defer close(served); _ = srv.Serve(l) }()
	t.Cleanup(func() {
		_ = srv.Close()
		<-served
		n.stop()
	})
	return n
}

// stop ends the node; whoever is left is given up.
func (n *node) stop() {
	n.hub.Stop()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = n.edge.Stop(ctx)
}

// lists are who belongs where: everybody to the rooms below 100. Those of an even
// number are remembered.
type lists struct{}

func (lists) Remembers(roomID, _ int64) bool { return roomID < 100 && roomID%2 == 0 }

func (lists) IsParticipant(_ context.Context, roomID, _ int64) (bool, error) {
	if roomID == 500 {
		return false, errors.New("the store is down")
	}
	return roomID < 100, nil
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
	e := room.Entry{
		RoomID: number("room", 1), Channel: protocol.ChannelChat,
		User:    &protocol.User{ID: user, Username: "user" + strconv.FormatInt(user, 10)},
		TokenID: number("token", user), Since: number("since", -1), Checked: time.Now(),
		Return: room.Return{Token: q.Get("resume"), Received: int(number("received", -1))},
		Acks:   q.Get("ack") == "1",
	}
	switch q.Get("channel") {
	case "call":
		e.Channel = protocol.ChannelCall
	case "all":
		e.RoomID, e.Channel = 0, ""
	}
	if fn := n.admitting.Load(); fn != nil {
		(*fn)(&e)
	}
	if n.hub.MayBeElsewhere(e.Return) {
		e = n.hub.Claim(ctx, e)
	}
	if fn := n.arriving.Load(); fn != nil {
		(*fn)(&e)
	}
	a := edge.Admission{Result: "ok"}
	if !n.free {
		a.Shard = roomtest.Place(n.edge.Shards(), e.RoomID, user)
	}
	if shift := number("shift", -1); shift >= 0 {
		a.Shard = n.edge.Shards()[(e.RoomID+shift)%int64(len(n.edge.Shards()))]
	}
	a = n.hub.Admit(a, e)
	if fn := n.opening.Load(); fn != nil {
		open := a.Open
		a.Open = func(c *edge.Conn) edge.Handler { return (*fn)(func() edge.Handler { return open(c) }) }
	}
	return a
}

// in runs fn on a room's shard and waits for it.
func (n *node) in(roomID int64, fn func(r *room.Room)) {
	n.t.Helper()
	done := make(chan struct{})
	require.True(n.t, n.hub.In(roomID, func(r *room.Room) {
		defer close(done)
		fn(r)
	}))
	take(n.t, done, "a function on the shard")
}

// fake is a behavior that does what the test says.
type fake struct {
	enter   func(s *room.Session)
	receive func(s *room.Session, e protocol.Envelope)
	leave   func(s *room.Session, why protocol.LeaveReason)
	resume  func(s *room.Session)
	pack    func(s *room.Session) []byte
	unpack  func(s *room.Session, packed []byte)
	endings []room.Endings // who watches the hub
	lastSeq *int64

	concierge room.Concierge // whom it employs

	made chan *room.Room
	left chan protocol.LeaveReason
}

// withDefaults lets in at once, acknowledges all, and reports who leaves.
func (f *fake) withDefaults() *fake {
	f.made = make(chan *room.Room, 1024)
	f.left = make(chan protocol.LeaveReason, 1024)
	if f.enter == nil {
		f.enter = func(s *room.Session) { s.Welcome(); s.Release() }
	}
	if f.receive == nil {
		f.receive = func(s *room.Session, e protocol.Envelope) { s.Ack(e.ID, protocol.Empty{}) }
	}
	if f.resume == nil {
		f.resume = func(s *room.Session) { s.Welcome() }
	}
	if f.pack == nil {
		f.pack = func(*room.Session) []byte { return []byte("packed") }
	}
	if f.unpack == nil {
		f.unpack = func(s *room.Session, _ []byte) { s.Welcome(); s.Release() }
	}
	if f.leave == nil {
		f.leave = func(*room.Session, protocol.LeaveReason) {}
	}
	return f
}

func (f *fake) Enter(s *room.Session) { f.enter(s) }

func (f *fake) Receive(s *room.Session, e protocol.Envelope) { f.receive(s, e) }

func (f *fake) Suspend(*room.Session, time.Time) {}

func (f *fake) Resume(s *room.Session) { f.resume(s) }

func (f *fake) Pack(s *room.Session) []byte { return f.pack(s) }

func (f *fake) Unpack(s *room.Session, packed []byte) { f.unpack(s, packed) }

func (f *fake) LastSeq() *int64 { return f.lastSeq }

func (f *fake) Leave(s *room.Session, why protocol.LeaveReason) {
	f.left <- why
	f.leave(s, why)
}

// meter counts by name.
type meter struct {
	mu    sync.Mutex
	count map[string]int // guarded by mu
}

func newMeter() *meter { return &meter{count: map[string]int{}} }

func (m *meter) add(what string, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count[what] += n
}

func (m *meter) get(what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count[what]
}

func (m *meter) SessionOpened(ch string)    { m.add("session "+ch, 1) }
func (m *meter) SessionClosed(ch string)    { m.add("session "+ch, -1) }
func (m *meter) FrameIn(typ string)         { m.add("in "+typ, 1) }
func (m *meter) FrameOut(typ string, n int) { m.add("out "+typ, n) }
func (m *meter) ErrorSent(code string)      { m.add("error "+code, 1) }
func (m *meter) RoomOpened()                { m.add("rooms", 1) }
func (m *meter) Suspended(n int)            { m.add("suspended", n) }
func (m *meter) Resumed(how string)         { m.add(how, 1) }
func (m *meter) Torn()                      { m.add("torn", 1) }
func (m *meter) RoomClosed()                { m.add("rooms", -1) }

// ends counts how sockets end, by code.
type ends struct{ *meter }

func (e *ends) Closed(code uint16)  { e.add(strconv.Itoa(int(code)), 1) }
func (e *ends) Handshake(string)    {}
func (e *ends) Opened()             {}
func (e *ends) BytesIn(int)         {}
func (e *ends) BytesOut(int)        {}
func (e *ends) Dropped(string, int) {}
func (e *ends) RTT(time.Duration)   {}

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

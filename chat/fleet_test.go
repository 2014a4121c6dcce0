package chat_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/presence"
	"parley/protocol"
	"parley/room"
)

// registered waits until the registry has these users in the room by way of a node.
func (ns *nodes) registered(t *testing.T, boot string, want ...int64) {
	t.Helper()
	require.Eventually(t, func() bool {
		entries, err := ns.regs[len(ns.regs)-1].Online(t.Context(), 1)
		var ids []int64
		for _, e := range entries {
			if e.Node == boot {
				ids = append(ids, e.User.ID)
			}
		}
		return err == nil && slices.Equal(want, ids)
	}, patience, time.Millisecond, "%v by way of %s", want, boot)
}

// advance lets time pass, in which some renew their leases.
func (ns *nodes) advance(t *testing.T, d time.Duration, alive ...int) {
	t.Helper()
	for ; d > 0; d -= lease / 4 {
		ns.clock.Advance(min(d, lease/4))
		for _, i := range alive {
			_, err := ns.regs[i].Renew(t.Context())
			require.NoError(t, err)
		}
	}
}

// passes lets the lease of those that do not renew it run out; the others see it.
func (ns *nodes) passes(t *testing.T, alive ...int) {
	t.Helper()
	ns.advance(t, lease, alive...)
	for _, i := range alive {
		entries, err := ns.regs[i].Reap(t.Context())
		require.NoError(t, err)
		ns.all[i].chat.Gone([]string{"node0"})
		ns.all[i].chat.Reaped(entries)
	}
}

// quiet requires that clients hear nothing of presence any more, whatever is looked up and
// however long it takes.
func (ns *nodes) quiet(t *testing.T, clients ...*peer) {
	t.Helper()
	for _, n := range ns.all[1:] {
		n.chat.Look()
	}
	ns.advance(t, 2*linger, 1, 2)
	ns.sweep()
	before := ns.store.count()
	ns.all[1].post(1)
	for _, p := range clients {
		p.seqs(before+1, before+1)
		p.still()
	}
}

func TestUserOnTwoNodes(t *testing.T) {
	ns := startNodes(t, 3, newFakeStore(0), nil, nil)
	heard := func(most int) {
		t.Helper()
		require.Eventually(t, func() bool { heard, _, _ := ns.meters[2].counted(); return heard >= most }, patience, time.Millisecond)
	}
	watcher := ns.all[2].enter("user=1")
	a := ns.all[0].enter("user=5")
	require.EqualValues(t, 5, watcher.about(protocol.TypeUserOnline))
	b := ns.all[1].dial("user=5")
	ns.registered(t, "node1", 5)
	heard(2) // of two nodes the news may come in any order
	require.NoError(t, a.conn.CloseNow())
	ns.registered(t, "node0")
	heard(3)
	watcher.still()
	require.NoError(t, b.conn.CloseNow())
	require.EqualValues(t, 5, watcher.about(protocol.TypeUserOffline))
	ns.quiet(t, watcher)
}

// fleetOf has two users on a node of its own, and a watcher on each of two others.
func fleetOf(t *testing.T) (ns *nodes, fellow *peer, watchers []*peer) {
	ns = startNodes(t, 3, newFakeStore(0), nil, nil)
	watchers = []*peer{ns.all[1].enter("user=1"), ns.all[2].enter("user=1")}
	ns.registered(t, "node1", 1)
	ns.registered(t, "node2", 1)
	for _, query := range []string{"user=5", "user=6"} {
		fellow = ns.all[0].dial(query)
		fellow.expect(protocol.TypeWelcome)
		require.Contains(t, fellow.presence(), int64(1))
		for _, p := range watchers {
			p.expect(protocol.TypeUserOnline)
		}
	}
	ns.registered(t, "node0", 5, 6)
	return ns, fellow, watchers
}

// both requires news of users 5 and 6, once.
func both(t *testing.T, typ protocol.Type, p *peer) {
	t.Helper()
	ids := []int64{p.about(typ), p.about(typ)}
	slices.Sort(ids)
	require.Equal(t, []int64{5, 6}, ids)
}

// A node that is killed has its users offline once, at each client.
func TestNodeThatDies(t *testing.T) {
	ns, _, watchers := fleetOf(t)
	ns.valves[0].close(true)
	ns.passes(t, 1, 2)
	for _, p := range watchers {
		both(t, protocol.TypeUserOffline, p)
	}
	ns.quiet(t, watchers...)
}

// One that was only paused comes back, with those who are still there.
func TestNodeThatWasPaused(t *testing.T) {
	ns, six, watchers := fleetOf(t)
	ns.passes(t, 1, 2)
	for _, p := range watchers {
		both(t, protocol.TypeUserOffline, p)
	}
	lapsed, err := ns.regs[0].Renew(t.Context())
	require.NoError(t, err)
	require.True(t, lapsed)
	ns.all[0].chat.Lapsed()
	for _, p := range watchers {
		both(t, protocol.TypeUserOnline, p)
	}
	ns.all[0].post(1)
	six.seqs(1, 1)
	six.still() // nobody was away, seen from there
	for _, p := range watchers {
		p.seqs(1, 1)
	}
	require.NoError(t, six.conn.CloseNow())
	for _, p := range watchers {
		require.EqualValues(t, 6, p.about(protocol.TypeUserOffline))
	}
	ns.quiet(t, watchers...)
}

// Of a node that was stopped in good order the users are shown until they have had
// the time to come back elsewhere.
func TestNodeThatIsStopped(t *testing.T) {
	ns, _, watchers := fleetOf(t)
	ns.valves[0].close(true)
	require.NoError(t, ns.regs[0].Close(t.Context()))
	for _, n := range ns.all[1:] {
		n.chat.Gone([]string{"node0"})
		n.chat.Look()
	}
	ns.advance(t, linger-time.Second, 1, 2)
	ns.sweep()
	before, _, _ := ns.meters[2].counted()
	back := ns.all[1].dial("user=5")
	back.expect(protocol.TypeWelcome)
	require.Equal(t, []int64{1, 5, 6}, back.presence())
	ns.registered(t, "node1", 1, 5)
	require.Eventually(t, func() bool { heard, _, _ := ns.meters[2].counted(); return heard > before }, patience, time.Millisecond)
	for _, p := range watchers {
		p.still()
	}
	ns.advance(t, time.Second, 1, 2)
	ns.sweep()
	for _, p := range append(watchers, back) {
		require.EqualValues(t, 6, p.about(protocol.TypeUserOffline))
	}
	ns.quiet(t, append(watchers, back)...)
}

// What the bus loses of presence is found in the registry.
func TestLostPresence(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(0), nil, nil)
	watcher := ns.all[1].enter("user=1")
	ns.valves[1].close(true)
	five := ns.all[0].dial("user=5")
	ns.registered(t, "node0", 5)
	watcher.still()
	ns.all[1].chat.Look()
	require.EqualValues(t, 5, watcher.about(protocol.TypeUserOnline))
	require.NoError(t, five.conn.CloseNow())
	ns.registered(t, "node0")
	ns.valves[1].interrupted()
	require.Eventually(t, func() bool { // the look-up is under way for a moment
		ns.advance(t, linger, 0, 1)
		ns.sweep()
		ns.all[1].chat.Look()
		watcher.send(`{"type":"ping"}`)
		return watcher.read().Type == protocol.TypeUserOffline
	}, patience, time.Millisecond)
}

// What the registry has lost, or kept too long, of this node is put right.
func TestRegistryIsCorrected(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(0), nil, nil)
	ns.all[0].enter("user=5")
	ns.registered(t, "node0", 5)
	require.NoError(t, ns.regs[0].Leave(t.Context(), 1, 5))
	require.NoError(t, ns.regs[0].Enter(t.Context(), 1, presence.User{ID: 9}))
	ns.registered(t, "node0", 9)
	ns.all[0].chat.Look()
	ns.registered(t, "node0", 5)
}

// ailing is a registry that fails while it is told to.
type ailing struct {
	presence.Registry

	ill atomic.Bool
}

func (a *ailing) Enter(ctx context.Context, roomID int64, u presence.User) error {
	if a.ill.Load() {
		return errDisk
	}
	return a.Registry.Enter(ctx, roomID, u)
}

func (a *ailing) Leave(ctx context.Context, roomID, userID int64) error {
	if a.ill.Load() {
		return errDisk
	}
	return a.Registry.Leave(ctx, roomID, userID)
}

// A registry that is out of reach is told of all when it is back.
func TestRegistryIsToldLater(t *testing.T) {
	t.Parallel()
	mem := presence.NewMemory(time.Hour, time.Now)
	reg := &ailing{Registry: mem.Node("here")}
	n := (&node{t: t, store: newFakeStore(0), presence: mem, others: true}).start(reg)
	one := n.enter("user=1")
	online := func() (ids []int64) {
		entries, err := reg.Online(t.Context(), 1)
		require.NoError(t, err)
		for _, e := range entries {
			ids = append(ids, e.User.ID)
		}
		return ids
	}
	require.Eventually(t, func() bool { return slices.Equal(online(), []int64{1}) }, patience, time.Millisecond)
	reg.ill.Store(true)
	two, three := n.enter("user=2"), n.enter("user=3")
	require.NoError(t, one.conn.CloseNow())
	require.NoError(t, two.conn.CloseNow())
	for range 2 {
		three.expect(protocol.TypeUserOffline)
	}
	reg.ill.Store(false)
	require.Eventually(t, func() bool { return slices.Equal(online(), []int64{3}) }, patience, time.Millisecond)
}

// Whose session moves to another node is offline nowhere meanwhile.
func TestSessionThatMoves(t *testing.T) {
	t.Parallel()
	ns := startNodes(t, 2, newFakeStore(0), nil, nil)
	here, there := ns.all[0].enter("user=1"), ns.all[1].enter("user=1")
	ns.all[0].dial("user=5")
	require.EqualValues(t, 5, here.about(protocol.TypeUserOnline))
	require.EqualValues(t, 5, there.about(protocol.TypeUserOnline))
	_, err := room.Ask(t.Context(), ns.all[0].hub, 1, func(r *room.Room) bool {
		for s := range r.Sessions(protocol.ChannelChat) {
			if s.User().ID == 5 {
				s.Close(protocol.CloseReplaced, "moved", protocol.LeaveMoved)
			}
		}
		return true
	})
	require.NoError(t, err)
	ns.all[0].present(1)
	here.still()
	five := ns.all[1].dial("user=5")
	five.expect(protocol.TypeWelcome)
	ns.registered(t, "node1", 1, 5)
	ns.registered(t, "node0", 1) // after a while
	require.NoError(t, five.conn.CloseNow())
	require.EqualValues(t, 5, here.about(protocol.TypeUserOffline))
	require.EqualValues(t, 5, there.about(protocol.TypeUserOffline))
}

package call_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling/call"
)

// cluster is one call on several nodes, which agree on rosters one after the other
// and hear of each other's late, or not at all.
type cluster struct {
	rng     *rand.Rand
	nodes   []*replica
	rosters []call.Roster // agreed on, in order; the index is the version
	truth   *call.Call    // has seen all events, in the order in which they were agreed on
	merged  bool          // there were splits: truth knows nothing of those
	most    int
	clients clients
	lastID  int
	log     []string
}

// replica is one node's part.
type replica struct {
	boot     string
	call     *call.Call
	version  int
	sessions []call.SessionID // that have a socket here
	split    bool
}

func newCluster(seed uint64, most int) *cluster {
	c := &cluster{
		rng: rand.New(rand.NewPCG(seed, 2)), most: most, clients: clients{views: map[call.SessionID]view{}},
		rosters: []call.Roster{{ID: "1"}}, truth: call.New(call.Config{MaxPeers: most}),
	}
	for i := range 3 {
		n := &replica{boot: fmt.Sprintf("n%d", i+1)}
		n.call = call.From(c.config(n), c.rosters[0])
		c.nodes = append(c.nodes, n)
	}
	return c
}

func (c *cluster) config(n *replica) call.Config { return call.Config{MaxPeers: c.most, Boot: n.boot} }

func (c *cluster) id() string { c.lastID++; return fmt.Sprintf("p%d", c.lastID) }

// follow has a node catch up with a version that it has not seen.
func (c *cluster) follow(t *testing.T, n *replica, version int) {
	t.Helper()
	if n.split || version <= n.version {
		return
	}
	if r := copied(t, c.rosters[version]); n.call.Continues(r) {
		n.version = version
		c.perform(t, n, n.call.Follow(r))
		return
	}
	c.merged = true
	c.merge(t, n, copied(t, c.rosters[len(c.rosters)-1]))
}

// merge has a node make one roster of its own and what was found.
func (c *cluster) merge(t *testing.T, n *replica, found call.Roster) {
	t.Helper()
	merged := call.Merge(c.config(n), call.Split{
		Found: found, Mine: n.call.Roster(), ID: fmt.Sprint(len(c.rosters) + 1),
	})
	c.log = append(c.log, fmt.Sprintf("%s merges %+v\nwith %+v\nto   %+v\n", n.boot, found, n.call.Roster(), merged))
	c.rosters = append(c.rosters, merged)
	n.version, n.split = len(c.rosters)-1, false
	c.perform(t, n, n.call.Follow(copied(t, merged)))
}

// copied is a roster as it comes from the wire.
func copied(t *testing.T, r call.Roster) (same call.Roster) {
	t.Helper()
	b, err := json.Marshal(r)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &same))
	return same
}

// perform plays the clients of a node.
func (c *cluster) perform(t *testing.T, n *replica, actions []call.Action) {
	t.Helper()
	c.log = append(c.log, fmt.Sprintf("%s at %d\n%s", n.boot, n.version, render(actions)))
	live := slices.Clone(n.sessions)
	for _, a := range actions {
		switch a := a.(type) {
		case *call.Replace:
			c.closed(n, a.Session)
		case *call.Evict:
			c.closed(n, a.Session)
		default:
			if err := c.clients.receive(a, live); err != nil {
				require.FailNow(t, err.Error(), "after\n%s", strings.Join(c.log, ""))
			}
		}
	}
}

func (c *cluster) closed(n *replica, s call.SessionID) {
	n.sessions = slices.DeleteFunc(n.sessions, func(o call.SessionID) bool { return o == s })
	delete(c.clients.views, s)
}

// agree decides an event at a node, as often as another was faster.
func (c *cluster) agree(t *testing.T, n *replica, ev call.Event) {
	t.Helper()
	if n.split {
		c.perform(t, n, n.call.Step(ev))
		return
	}
	for {
		known := c.rosters[n.version]
		scratch := call.From(c.config(n), known)
		rejected := strings.Contains(render(scratch.Step(ev)), "error")
		if n.version < len(c.rosters)-1 {
			c.follow(t, n, len(c.rosters)-1)
			continue
		}
		if !c.merged {
			again := strings.Contains(render(c.truth.Step(ev)), "error")
			require.Equal(t, again, rejected)
		}
		c.rosters = append(c.rosters, copied(t, scratch.Roster()))
		c.log = append(c.log, fmt.Sprintf("%T%+v agreed as %d\n", ev, ev, len(c.rosters)-1))
		c.follow(t, n, len(c.rosters)-1)
		return
	}
}

// play is one random event.
func (c *cluster) play(t *testing.T, splits bool) {
	n := c.nodes[c.rng.IntN(len(c.nodes))]
	op := c.rng.IntN(12)
	switch {
	case op < 3:
		c.follow(t, n, n.version+c.rng.IntN(len(c.rosters)-n.version))
	case op < 5 || len(n.sessions) == 0:
		s := call.SessionID(len(c.log) + 1000)
		user := int64(1 + c.rng.IntN(5))
		n.sessions = append(n.sessions, s)
		c.agree(t, n, call.Connect{
			Session: s, User: protocol.User{ID: user, Username: fmt.Sprintf("user%d", user)},
			PeerID: c.id(), Conn: fmt.Sprintf("c%d", s),
		})
	case op == 11 && splits:
		c.split(t, n)
	default:
		c.event(t, n, n.sessions[c.rng.IntN(len(n.sessions))], op)
	}
}

func (c *cluster) event(t *testing.T, n *replica, s call.SessionID, op int) {
	switch op {
	case 5, 6, 7:
		c.agree(t, n, call.Join{Session: s, NextPeerID: c.id(), At: uint64(c.lastID)})
	case 8:
		c.agree(t, n, call.Suspend{Session: s, Until: time.Unix(int64(c.rng.IntN(3)), 0)})
	case 9:
		c.agree(t, n, call.Resume{Session: s})
	case 10:
		c.agree(t, n, call.Leave{Session: s})
		delete(c.clients.views, s)
	default:
		c.agree(t, n, call.Disconnect{Session: s, Reason: protocol.LeaveLeft})
		c.closed(n, s)
	}
}

// split has a node no longer reach the others, or reach them again.
func (c *cluster) split(t *testing.T, n *replica) {
	if !n.split {
		n.split, c.merged = true, true
		return
	}
	found := copied(t, c.rosters[len(c.rosters)-1])
	if c.rng.IntN(4) == 0 {
		found = call.Roster{} // all was lost meanwhile
	}
	c.merge(t, n, found)
}

// settle has every node be up to date, and those whose roster was lost merge.
func (c *cluster) settle(t *testing.T) {
	for _, n := range c.nodes {
		if n.split {
			c.split(t, n)
		}
	}
	for range 2 {
		for _, n := range c.nodes {
			c.follow(t, n, len(c.rosters)-1)
		}
	}
}

// check compares the nodes with each other, with what one machine made of all, and
// with what the clients believe.
func (c *cluster) check(t *testing.T) {
	why := strings.Join(c.log, "")
	newest := c.rosters[len(c.rosters)-1]
	var peers []*modelSession
	users := map[int64]bool{}
	for _, m := range newest.Members {
		if m.IsPeer() {
			require.False(t, users[m.User.ID], "user %d is two peers, after\n%s", m.User.ID, why)
			users[m.User.ID] = true
			peers = append(peers, &modelSession{id: m.Session, peerID: m.PeerID})
		}
	}
	for _, n := range c.nodes {
		require.Equal(t, newest, copied(t, n.call.Roster()), "%s, after\n%s", n.boot, why)
	}
	if !c.merged {
		require.Equal(t, renderState(c.truth.State()), renderState(c.nodes[0].call.State()), why)
		require.True(t, c.most == 0 || len(peers) <= c.most, why)
	}
	require.NoError(t, c.clients.agree(peers), why)
}

// However the events of a call come in on three nodes, and in whatever pieces the
// nodes hear of each other, it is one call.
func TestNodesAgree(t *testing.T) {
	for seed := range uint64(40) {
		c := newCluster(seed, int(seed%4))
		for range 100 {
			c.play(t, false)
		}
		c.settle(t)
		c.check(t)
	}
}

// Nodes that could not reach each other for a while are of one mind afterwards.
func TestNodesAgreeAfterSplits(t *testing.T) {
	for seed := range uint64(40) {
		c := newCluster(seed, int(seed%4))
		for range 100 {
			c.play(t, true)
		}
		c.settle(t)
		c.check(t)
	}
}

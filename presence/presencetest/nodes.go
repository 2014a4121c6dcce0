package presencetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/presence"
)

// nodes is a space and those who joined it, by boot.
type nodes struct {
	space Space
	of    map[string]presence.Registry
}

// join lets nodes join whose id and boot are the same.
func (n *nodes) join(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		n.boot(t, name, name)
	}
}

func (n *nodes) boot(t *testing.T, id, boot string) {
	t.Helper()
	n.of[boot] = n.space.Join(t, presence.Node{ID: id, Boot: boot})
}

func (n *nodes) enter(t *testing.T, node string, room int64, users ...presence.User) {
	t.Helper()
	for _, u := range users {
		require.NoError(t, n.of[node].Enter(t.Context(), room, u), "node %s enters user %d", node, u.ID)
	}
}

func (n *nodes) leave(t *testing.T, node string, room int64, users ...presence.User) {
	t.Helper()
	for _, u := range users {
		require.NoError(t, n.of[node].Leave(t.Context(), room, u.ID), "user %d leaves by node %s", u.ID, node)
	}
}

// online requires that every node sees these entries.
func (n *nodes) online(t *testing.T, room int64, want ...presence.Entry) {
	t.Helper()
	for name, node := range n.of {
		got, err := node.Online(t.Context(), room)
		require.NoError(t, err, "node %s", name)
		same(t, want, got, "online in room %d as node %s sees it", room, name)
	}
}

func (n *nodes) renew(t *testing.T, node string) (lapsed bool) {
	t.Helper()
	lapsed, err := n.of[node].Renew(t.Context())
	require.NoError(t, err, "node %s renews", node)
	return lapsed
}

func (n *nodes) reap(t *testing.T, node string) []presence.Entry {
	t.Helper()
	entries, err := n.of[node].Reap(t.Context())
	require.NoError(t, err, "node %s reaps", node)
	return entries
}

// alive requires that every node sees these as those that have a lease.
func (n *nodes) alive(t *testing.T, want ...presence.Node) {
	t.Helper()
	for name, node := range n.of {
		got, err := node.Nodes(t.Context())
		require.NoError(t, err, "node %s", name)
		if len(want) == 0 {
			require.Empty(t, got, "nodes as node %s sees them", name)
			continue
		}
		require.Equal(t, want, got, "nodes as node %s sees them", name)
	}
}

// expire lets the leases of all nodes run out but for those named.
func (n *nodes) expire(t *testing.T, alive ...string) {
	t.Helper()
	for range 2 {
		n.space.Advance(n.space.Lease * 6 / 10)
		for _, name := range alive {
			require.False(t, n.renew(t, name), "node %s renewed in time", name)
		}
	}
}

// same compares entries in order; no entries may be nil or empty.
func same(t *testing.T, want, got []presence.Entry, why string, args ...any) {
	t.Helper()
	if len(want) == 0 && len(got) == 0 {
		return
	}
	require.Equal(t, want, got, append([]any{why}, args...)...)
}

func at(room int64, node string, u presence.User) presence.Entry {
	return presence.Entry{Room: room, User: u, Node: node}
}

func ann() presence.User { return presence.User{ID: 1, Username: "ann", DisplayName: "Ann"} }

func bob() presence.User { return presence.User{ID: 2, Username: "bob", DisplayName: "Bob B."} }

func eve() presence.User { return presence.User{ID: 3, Username: "eve", DisplayName: "Eve"} }

package chat_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/presence"
	"parley/protocol"
)

func (p *peer) presence() (ids []int64) {
	p.t.Helper()
	var st protocol.PresenceState
	require.NoError(p.t, json.Unmarshal(p.expect(protocol.TypePresenceState).Data, &st))
	require.Equal(p.t, len(st.Users), st.Count)
	for _, u := range st.Users {
		ids = append(ids, u.ID)
	}
	return ids
}

// Who is online by way of another node is online, and neither comes nor goes by
// what happens here.
func TestPresenceOfOtherNodes(t *testing.T) {
	n := &node{t: t, store: newFakeStore(0), presence: presence.NewMemory(time.Hour, time.Now), others: true}
	n.start(n.presence.Node("here"))
	there := n.presence.Node("there")
	for id := int64(7); id <= 8; id++ {
		require.NoError(t, there.Enter(t.Context(), 1, presence.User{ID: id, Username: "user"}))
	}
	p := n.dial("user=3")
	p.expect(protocol.TypeWelcome)
	require.Equal(t, []int64{3, 7, 8}, p.presence())
	seven := n.dial("user=7")
	seven.expect(protocol.TypeWelcome)
	require.Equal(t, []int64{3, 7, 8}, seven.presence())
	require.NoError(t, seven.conn.CloseNow())
	n.post(1)
	p.seqs(1, 1)
	p.still()
}

// The registry is told of users, not of sockets.
func TestRegistryIsTold(t *testing.T) {
	n := start(t, newFakeStore(0))
	here := func() (ids []int64) {
		entries, err := n.presence.Node("there").Online(t.Context(), 1)
		require.NoError(t, err)
		for _, e := range entries {
			require.Equal(t, "here", e.Node)
			ids = append(ids, e.User.ID)
		}
		return ids
	}
	becomes := func(want ...int64) {
		t.Helper()
		require.Eventually(t, func() bool { return slices.Equal(want, here()) }, patience, time.Millisecond,
			"online here: %v", want)
	}
	one, two := n.enter("user=1"), n.enter("user=1")
	other := n.enter("user=2")
	becomes(1, 2)
	require.NoError(t, one.conn.CloseNow())
	require.NoError(t, other.conn.CloseNow())
	becomes(1)
	require.NoError(t, two.conn.CloseNow())
	becomes()
}

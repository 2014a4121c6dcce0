package chat_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// about reads a user_online or user_offline.
func (p *peer) about(t protocol.Type) int64 {
	p.t.Helper()
	var c protocol.PresenceChange
	require.NoError(p.t, json.Unmarshal(p.expect(t).Data, &c))
	return c.User.ID
}

// Who comes at once is told of at once, each to all who did not know, and in the
// order of their coming.
func TestNewsIsGathered(t *testing.T) {
	n := start(t, newFakeStore(0))
	const others = 9
	first := n.dial("user=1")
	first.expect(protocol.TypeWelcome)
	require.Equal(t, []int64{1}, first.presence())
	var came []*peer
	for id := 2; id < 2+others; id++ {
		p := n.dial(fmt.Sprintf("user=%d", id))
		p.expect(protocol.TypeWelcome)
		require.Len(t, p.presence(), id, "the state has who is there, told or not")
		came = append(came, p)
	}
	for id := 2; id < 2+others; id++ {
		require.EqualValues(t, id, first.about(protocol.TypeUserOnline))
	}
	for i, p := range came {
		for id := 3 + i; id < 2+others; id++ {
			require.EqualValues(t, id, p.about(protocol.TypeUserOnline), "to user %d", 2+i)
		}
		p.still()
	}
}

package signaling_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling"
)

// A call begins with its first peer: not when that one joins again or from
// elsewhere, nor with those who follow.
func TestACallBeginsOnce(t *testing.T) {
	started := make(chan string, 16)
	n := start(t, signaling.Config{Started: func(roomID int64, by protocol.User) {
		started <- fmt.Sprintf("room %d by %s", roomID, by.Username)
	}})
	require.Empty(t, started)
	ann, annElsewhere, bob := n.open(t, 1), n.open(t, 1), n.open(t, 2)
	require.Empty(t, started, "to connect begins nothing")
	ann.join(t)
	require.Equal(t, "room 7 by user1", <-started)
	ann.join(t)
	annElsewhere.join(t)
	bob.join(t)
	leave := func(k *socket) {
		k.send(t, `{"type":"leave_call","id":"l"}`)
		k.await(t, protocol.TypeAck)
	}
	leave(annElsewhere)
	annElsewhere.join(t)
	leave(annElsewhere)
	require.Empty(t, started)
	leave(bob)
	bob.join(t)
	require.Equal(t, "room 7 by user2", <-started)
	require.Empty(t, started)
}

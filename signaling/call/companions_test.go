package call_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling/call"
)

// crowd is a call that nodes share, of peers here.
func crowd(n int) *call.Call {
	c := call.New(call.Config{Boot: "here"})
	for i := 1; i <= n; i++ {
		attend(c, i)
	}
	return c
}

func attend(c *call.Call, i int) {
	s := call.SessionID(i)
	c.Step(call.Connect{Session: s, User: protocol.User{ID: int64(i)}, PeerID: peerID(i), Conn: peerID(i)})
	c.Step(call.Join{Session: s, NextPeerID: peerID(i) + "'", At: uint64(i)})
}

// A session that comes from another node is told what it has missed on its way, and
// nothing else.
func TestWhoMovesIsToldWhatChanged(t *testing.T) {
	c := crowd(4)
	known := c.Companions(2)
	require.Equal(t, []call.Companion{{PeerID: "p1", UserID: 1}, {PeerID: "p3", UserID: 3}, {PeerID: "p4", UserID: 4}}, known)
	require.Empty(t, c.Reacquaint(2, known), "nothing has changed")

	c.Step(call.Leave{Session: 1})
	c.Step(call.Disconnect{Session: 3, Reason: protocol.LeaveRemoved})
	attend(c, 5)
	var told []string
	for _, a := range c.Reacquaint(2, known) {
		switch a := a.(type) {
		case *call.SendUserLeft:
			require.Equal(t, []call.SessionID{2}, a.To)
			told = append(told, fmt.Sprint(a.PeerID, " of ", a.UserID, " left: ", a.Reason))
		case *call.SendUserJoined:
			require.Equal(t, []call.SessionID{2}, a.To)
			told = append(told, fmt.Sprint(a.PeerID, " of ", a.User.ID, " came, polite ", a.Polite))
		}
	}
	require.Equal(t, []string{"p1 of 1 left: left", "p3 of 3 left: removed", "p5 of 5 came, polite false"}, told)
}

func TestOnlyWhoHasJoinedHasCompanions(t *testing.T) {
	c := crowd(2)
	known := c.Companions(2)
	c.Step(call.Leave{Session: 2})
	require.Empty(t, c.Companions(2))
	require.Empty(t, c.Companions(7))
	c.Step(call.Leave{Session: 1})
	require.Empty(t, c.Reacquaint(2, known), "it is no peer any more")
}

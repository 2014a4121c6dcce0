package room_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/protocol"
	"parley/room"
)

func TestLoggedOutEndsATokensSessions(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	ended := []*peer{
		n.enter("user=1&token=5&room=1"), n.enter("user=1&token=5&room=2"), n.enter("user=1&token=5&channel=call"),
	}
	kept := []*peer{n.enter("user=1&token=6"), n.enter("user=2&token=7")}
	n.hub.LoggedOut(5)
	for _, p := range ended {
		require.Equal(t, protocol.CloseUnauthenticated, p.code())
		require.Equal(t, protocol.LeaveLogout, take(t, n.fake.left, "the leave"))
	}
	for _, p := range kept {
		p.alive()
	}
}

func TestRemovedEndsAUsersSessionsInARoom(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	for _, why := range []protocol.LeaveReason{protocol.LeaveLeft, protocol.LeaveRemoved} {
		ended := []*peer{n.enter("user=1"), n.enter("user=1&channel=call")}
		kept := []*peer{n.enter("user=2"), n.enter("user=1&room=3")}
		n.hub.Removed(1, 1, why)
		for _, p := range ended {
			require.Equal(t, protocol.CloseForbidden, p.code())
			require.Equal(t, why, take(t, n.fake.left, "the leave"))
		}
		for _, p := range kept {
			p.alive()
		}
	}
}

func TestRoomDeletedEndsTheRoom(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	ended := []*peer{n.enter("user=1"), n.enter("user=2&channel=call")}
	kept := n.enter("room=3")
	n.hub.RoomDeleted(1)
	for _, p := range ended {
		require.Equal(t, protocol.CloseRoomDeleted, p.code())
		require.Equal(t, protocol.LeaveRoomDeleted, take(t, n.fake.left, "the leave"))
	}
	kept.alive()
}

func TestEndingsReachTheOtherNodes(t *testing.T) {
	medium := cluster.NewMemory()
	here, there := startOn(t, room.Config{}, &fake{}, medium.Bus()), startOn(t, room.Config{}, &fake{}, medium.Bus())
	p := there.enter("token=5")
	here.hub.LoggedOut(5)
	require.Equal(t, protocol.CloseUnauthenticated, p.code())
	p = there.enter("")
	here.hub.Removed(1, 1, protocol.LeaveRemoved)
	require.Equal(t, protocol.CloseForbidden, p.code())
	p = there.enter("")
	here.hub.RoomDeleted(1)
	require.Equal(t, protocol.CloseRoomDeleted, p.code())
}

// brokenBus can be listened to, and carries nothing.
type brokenBus struct{ cluster.Bus }

func (brokenBus) Post(string, []byte) bool { return false }

func TestEndingsTakeEffectHereWithoutABus(t *testing.T) {
	n := startOn(t, room.Config{}, &fake{}, brokenBus{cluster.NewMemory().Bus()})
	p := n.enter("token=5")
	n.hub.LoggedOut(5)
	require.Equal(t, protocol.CloseUnauthenticated, p.code())
}

func TestNonsenseOnTheBusIsIgnored(t *testing.T) {
	bus := cluster.NewMemory().Bus()
	n := startOn(t, room.Config{}, &fake{}, bus)
	p := n.enter("")
	letter := string(room.Letter{From: "another", Kind: 1, Body: []byte("%s")}.Encode())
	for _, payload := range []string{"", "nonsense", "{}", `{"user":1}`, `{"token":"x"}`} {
		require.NoError(t, bus.Publish(t.Context(), "parley.nodes", []byte(payload)))
		require.NoError(t, bus.Publish(t.Context(), "parley.nodes", fmt.Appendf(nil, letter, payload)))
	}
	p.alive()
}

// A right that ends between its check and the socket's arrival at the room
// stops the socket there; one that was checked after the end is good.
func TestFences(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(n *node)
		code protocol.CloseCode
	}{
		"logout":   {func(n *node) { n.hub.LoggedOut(1) }, protocol.CloseUnauthenticated},
		"removal":  {func(n *node) { n.hub.Removed(1, 1, protocol.LeaveRemoved) }, protocol.CloseForbidden},
		"deletion": {func(n *node) { n.hub.RoomDeleted(1) }, protocol.CloseRoomDeleted},
	} {
		t.Run(name, func(t *testing.T) {
			n := start(t, room.Config{}, &fake{})
			n.meanwhile(func(e *room.Entry) {
				if e.User.ID == 1 && e.TokenID == 1 {
					c.end(n)
				}
			})
			require.Equal(t, c.code, n.dial("user=1").code())
			require.Empty(t, n.fake.made, "it was never in the room")
			n.admitting.Store(nil)
			n.enter("user=1").alive()
			if name == "removal" {
				n.meanwhile(func(*room.Entry) { c.end(n) })
				n.enter("user=2").alive() // another user
			}
		})
	}
}

// An ended right is remembered for as long as a handshake may take, no longer.
func TestFencesAreForgotten(t *testing.T) {
	n := start(t, room.Config{Fence: time.Nanosecond}, &fake{})
	long := time.Now().Add(-time.Hour)
	n.hub.LoggedOut(1)
	n.meanwhile(func(e *room.Entry) { e.Checked = long })
	require.Equal(t, protocol.CloseUnauthenticated, n.dial("user=1").code())
	n.hub.LoggedOut(2) // another end is when old ones are forgotten
	n.enter("user=1").alive()
	require.Equal(t, protocol.CloseUnauthenticated, n.dial("user=2").code())
}

// A room's shard may be too busy to hear of a removal before the user was added
// again: it must not take the new right for the old one.
func TestEndingsThatAreHeardOfLate(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	old := n.enter("user=1")
	stand, standing := make(chan struct{}), make(chan struct{}, 1)
	n.hub.In(1, func(*room.Room) { standing <- struct{}{}; <-stand })
	take(t, standing, "the shard's standing still")
	n.hub.Removed(1, 1, protocol.LeaveRemoved)
	checked, dialed := make(chan struct{}), make(chan *peer, 1)
	n.meanwhile(func(*room.Entry) { close(checked) })
	go func() { dialed <- n.dial("user=1") }()
	take(t, checked, "the check, after the removal, so after being added")
	close(stand)
	require.Equal(t, protocol.CloseForbidden, old.code())
	again := take(t, dialed, "the new socket")
	require.Equal(t, protocol.TypeWelcome, again.read().Type)
	again.alive()
}

// The same right may end again and again.
func TestFenceIsRaisedAgain(t *testing.T) {
	n := start(t, room.Config{Fence: time.Hour}, &fake{})
	for range 3 {
		n.hub.Removed(1, 1, protocol.LeaveRemoved)
		checked := time.Now()
		n.enter("user=1").alive()
		n.hub.Removed(1, 1, protocol.LeaveRemoved)
		n.meanwhile(func(e *room.Entry) { e.Checked = checked })
		require.Equal(t, protocol.CloseForbidden, n.dial("user=1").code())
		n.admitting.Store(nil)
	}
}

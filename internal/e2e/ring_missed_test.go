package e2e

import (
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// requireMissed requires that the socket hears of one missed call, and not twice.
func requireMissed(t *testing.T, k *client.Socket, from *client.User, roomID int64) protocol.MissedCall {
	t.Helper()
	missed := await[protocol.MissedCall](t, k, protocol.TypeCallMissed)
	require.Equal(t, user(from), missed.From)
	require.Equal(t, roomID, missed.RoomID)
	require.False(t, missed.Seen)
	still(t, k)
	return missed
}

func TestACallThatIsCancelledIsMissed(t *testing.T) {
	c := startChat(t, "ann", "bob")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	inv := invite(t, ann, nil)
	rings(t, bob)
	request[protocol.Empty](t, ann, protocol.TypeCallCancel, named(inv.InviteID))
	cancelled := next[protocol.InviteRef](t, bob, protocol.TypeCallCancel)
	require.Equal(t, inv.InviteID, cancelled.InviteID)
	missed := requireMissed(t, bob, c.users[0], c.room.ID)
	require.Equal(t, []protocol.MissedCall{missed}, missedCalls(t, c.users[1]))
	require.Empty(t, missedCalls(t, c.users[0]))
	still(t, c.joined(t, 1)) // whoever comes later has nothing to hear
}

func TestACallIsCancelledWhenItsCallerIsGone(t *testing.T) {
	c := startChat(t, "ann", "bob")
	tablet, bob := c.joined(t, 0), c.joined(t, 1)
	call := openCall(t, c.users[0], c.room.ID)
	inv := invite(t, call, nil)
	rings(t, bob)
	require.NoError(t, call.Close())
	require.Equal(t, inv.InviteID, await[protocol.InviteRef](t, bob, protocol.TypeCallCancel).InviteID)
	requireMissed(t, bob, c.users[0], c.room.ID)
	require.Equal(t, protocol.CodeNotFound, refused(t, tablet, protocol.TypeCallCancel, named(inv.InviteID)))
}

func TestACallThatIsNotAnsweredIsMissed(t *testing.T) {
	c := startChat(t, "ann", "bob")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	inv := invite(t, ann, m{"lifetime_ms": 1000})
	rings(t, bob)
	requireMissed(t, bob, c.users[0], c.room.ID)
	require.Equal(t, protocol.CodeNotFound, refused(t, bob, protocol.TypeCallAccept, named(inv.InviteID)))
}

// miss has the first user call the others in vain.
func (c *chatting) miss(t *testing.T) {
	t.Helper()
	ann := openCall(t, c.users[0], c.room.ID)
	inv := invite(t, ann, nil)
	request[protocol.Empty](t, ann, protocol.TypeCallCancel, named(inv.InviteID))
	require.NoError(t, ann.Close())
}

// awaitMissed waits until so many missed calls of a user are stored.
func awaitMissed(t *testing.T, u *client.User, n int) (list []protocol.MissedCall) {
	t.Helper()
	for ctx := within(t); len(list) < n; list = missedCalls(t, u) {
		require.NoError(t, ctx.Err(), "%d missed calls, want %d", len(list), n)
	}
	require.Len(t, list, n)
	return list
}

func TestMissedCallsAreToldToTheNextSocketOnce(t *testing.T) {
	c := startChat(t, "ann", "bob")
	elsewhere := meet(t, c.users...)
	c.miss(t)
	c.miss(t)
	list := awaitMissed(t, c.users[1], 2)
	require.Greater(t, list[0].ID, list[1].ID, "newest first")

	call := callSocket(t, c.users[1], c.room.ID)
	quiet(t, call.Socket) // calls are not told to a call's socket

	bob := openChat(t, c.users[1], elsewhere.ID, "") // any room's
	require.Equal(t, list[1], await[protocol.MissedCall](t, bob, protocol.TypeCallMissed))
	require.Equal(t, list[0], await[protocol.MissedCall](t, bob, protocol.TypeCallMissed))
	still(t, bob)
	still(t, c.joined(t, 1))
	require.Equal(t, list, missedCalls(t, c.users[1]), "told is not seen")
}

func TestMissedCallsThatWereSeen(t *testing.T) {
	c := startChat(t, "ann", "bob")
	for range 3 {
		c.miss(t)
	}
	list := awaitMissed(t, c.users[1], 3)
	require.NoError(t, c.users[1].Call(within(t), http.MethodPost, "/api/calls/missed/seen/", m{"up_to_id": list[1].ID}, nil))
	after := missedCalls(t, c.users[1])
	require.Equal(t, []bool{false, true, true}, []bool{after[0].Seen, after[1].Seen, after[2].Seen})
	bob := c.joined(t, 1)
	require.Equal(t, list[0].ID, await[protocol.MissedCall](t, bob, protocol.TypeCallMissed).ID)
	still(t, bob) // what was seen is not told
}

func TestMissedCallsGoWithTheRoom(t *testing.T) {
	c := startChat(t, "ann", "bob", "cid")
	c.miss(t)
	awaitMissed(t, c.users[1], 1)
	awaitMissed(t, c.users[2], 1)
	require.NoError(t, c.users[0].Call(within(t), http.MethodPost, c.path("remove-participant/"), m{"username": "bob"}, nil))
	require.Empty(t, missedCalls(t, c.users[1]))
	require.NoError(t, c.users[0].Call(within(t), http.MethodDelete, c.path(""), nil, nil))
	require.Empty(t, missedCalls(t, c.users[2]))
}

func TestWhoIsRemovedIsNotCalledAnyMore(t *testing.T) {
	c := startChat(t, "ann", "bob", "cid")
	ann, cid := c.joined(t, 0), c.joined(t, 2)
	inv := invite(t, ann, nil)
	rings(t, cid)
	require.NoError(t, c.users[0].Call(within(t), http.MethodPost, c.path("remove-participant/"), m{"username": "bob"}, nil))
	require.NoError(t, c.users[1].JoinRoom(within(t), c.room.ID))
	bob := c.joined(t, 1)
	still(t, bob)
	require.Equal(t, protocol.CodeNotFound, refused(t, bob, protocol.TypeCallAccept, named(inv.InviteID)))
	require.Empty(t, missedCalls(t, c.users[1]))
	request[protocol.Empty](t, cid, protocol.TypeCallAccept, named(inv.InviteID))

	// The caller leaves: whom they called has missed the call.
	inv = invite(t, bob, m{"target_user_id": c.users[2].Account.ID})
	require.Equal(t, inv.InviteID, rings(t, cid).InviteID)
	require.NoError(t, c.users[1].Call(within(t), http.MethodPost, c.path("leave/"), nil, nil))
	// Each once, and nothing else; who leaves is told by another way than who has called.
	want := []protocol.Type{protocol.TypeCallCancel, protocol.TypeCallMissed, protocol.TypeUserOffline}
	var told []protocol.Type
	for range want {
		f, err := cid.Next(within(t))
		require.NoError(t, err, "after %v", told)
		told = append(told, f.Type)
		if f.Type == protocol.TypeCallCancel {
			var ref protocol.InviteRef
			require.NoError(t, f.Into(&ref))
			require.Equal(t, inv.InviteID, ref.InviteID)
		}
	}
	require.ElementsMatch(t, want, told)
	still(t, cid)
	require.Equal(t, user(c.users[1]), missedCalls(t, c.users[2])[0].From)
}

func TestWhatRingsWhenANodeStopsIsMissed(t *testing.T) {
	c := startChat(t, "ann", "bob")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	inv := invite(t, ann, nil)
	rings(t, bob)
	c.stop(t)
	told := map[protocol.Type][]client.Frame{} // in any order: the two come by different ways
	for _, f := range untilClosed(t, bob) {
		told[f.Type] = append(told[f.Type], f)
	}
	require.Len(t, told[protocol.TypeReconnect], 1)
	require.Len(t, told[protocol.TypeCallCancel], 1)
	var ref protocol.InviteRef
	require.NoError(t, told[protocol.TypeCallCancel][0].Into(&ref))
	require.Equal(t, inv.InviteID, ref.InviteID)
	require.NoError(t, c.Start())
	for _, u := range c.users {
		u.Server = c.Server
	}
	bob = c.joined(t, 1)
	requireMissed(t, bob, c.users[0], c.room.ID)
	require.Len(t, missedCalls(t, c.users[1]), 1)
}

// processMissed kills a node that has stored a missed call and told nobody: the
// next one tells it, once.
func processMissed(t *testing.T, binary string) {
	dir := t.TempDir()
	p := serving(t, binary, dir)
	c := chatOn(t, &node{Server: p.Server}, "ann", "bob")
	c.miss(t)
	awaitMissed(t, c.users[1], 1)
	p.signal(t, syscall.SIGKILL)
	require.Equal(t, -1, p.exitCode(t))

	for i := range 2 {
		back := serving(t, binary, dir)
		for _, u := range c.users {
			u.Server = back.Server
		}
		bob := c.joined(t, 1)
		if i == 0 {
			requireMissed(t, bob, c.users[0], c.room.ID)
		}
		still(t, bob)
		require.Len(t, missedCalls(t, c.users[1]), 1)
		back.signal(t, syscall.SIGKILL)
		require.Equal(t, -1, back.exitCode(t))
	}
}

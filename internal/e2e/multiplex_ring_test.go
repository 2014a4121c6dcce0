package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// inviteIn invites in a room, on a multiplexed socket.
func inviteIn(t *testing.T, k *client.Socket, roomID int64, data m) protocol.Invited {
	t.Helper()
	f, err := k.Request(within(t), protocol.TypeCallInvite, in(roomID, data))
	require.NoError(t, err)
	var inv protocol.Invited
	require.NoError(t, f.Into(&inv))
	return inv
}

// rung are the frames about ringing that have come up to now and were not read.
func rung(t *testing.T, k *client.Socket) (list []protocol.Type) {
	t.Helper()
	require.NoError(t, k.Send(within(t), protocol.TypePing, nil))
	for {
		f, err := k.Next(within(t))
		require.NoError(t, err)
		switch f.Type {
		case protocol.TypePong:
			return list
		case protocol.TypeIncomingCall, protocol.TypeCallAccept, protocol.TypeCallDecline, protocol.TypeCallCancel,
			protocol.TypeCallAnsweredElsewhere, protocol.TypeCallMissed:
			list = append(list, f.Type)
		}
	}
}

// ringingAll is a room and each user's sockets: two for everything, of which neither
// has subscribed to anything, and one chat socket.
type ringingAll struct {
	*chatting
	ann, bob []*client.Socket
}

func startRinging(t *testing.T) *ringingAll {
	t.Helper()
	c := startChat(t, "ann", "bob")
	r := &ringingAll{chatting: c}
	for i, list := range []*[]*client.Socket{&r.ann, &r.bob} {
		*list = []*client.Socket{openAll(t, c.users[i]), openAll(t, c.users[i]), c.joined(t, i)}
	}
	return r
}

func TestMultiplexedRinging(t *testing.T) {
	t.Parallel()
	for _, answer := range []protocol.Type{protocol.TypeCallAccept, protocol.TypeCallDecline} {
		t.Run(string(answer), func(t *testing.T) {
			t.Parallel()
			r := startRinging(t)
			id := r.room.ID
			inv := inviteIn(t, r.ann[0], id, m{"target_user_id": r.users[1].Account.ID})
			require.Equal(t, []int64{r.users[1].Account.ID}, inv.Invited)
			for _, k := range r.bob {
				rang := rings(t, k)
				require.Equal(t, inv.InviteID, rang.InviteID)
				require.Equal(t, id, rang.RoomID)
				require.Equal(t, user(r.users[0]), rang.From)
			}
			_, err := r.bob[0].Request(within(t), answer, in(id, named(inv.InviteID)))
			require.NoError(t, err)
			for _, k := range r.ann {
				require.Equal(t, protocol.InviteAnswer{InviteID: inv.InviteID, User: user(r.users[1])}, await[protocol.InviteAnswer](t, k, answer))
			}
			for _, k := range r.bob[1:] {
				elsewhere := await[protocol.AnsweredElsewhere](t, k, protocol.TypeCallAnsweredElsewhere)
				require.Equal(t, inv.InviteID, elsewhere.InviteID)
			}
			for _, k := range append(r.ann, r.bob...) {
				require.Empty(t, rung(t, k), "each hears it once, and who answered nothing")
			}
			require.Equal(t, protocol.CodeNotFound, refused(t, r.bob[1], protocol.TypeCallAccept, in(id, named(inv.InviteID))))
			require.Empty(t, missedCalls(t, r.users[1]))
		})
	}
}

// A socket for everything that is subscribed to the room's chat and call still
// rings once.
func TestMultiplexedRingsOnce(t *testing.T) {
	t.Parallel()
	r := startRinging(t)
	id := r.room.ID
	for _, k := range append(r.ann[:2:2], r.bob[:2]...) {
		subscribe(t, k, id, protocol.ChannelChat, protocol.ChannelCall)
	}
	inv := inviteIn(t, r.ann[0], id, nil)
	for _, k := range r.bob {
		require.Equal(t, inv.InviteID, rings(t, k).InviteID)
		require.Empty(t, rung(t, k))
	}
	request[protocol.Empty](t, r.ann[2], protocol.TypeCallCancel, named(inv.InviteID)) // another device of hers
	for _, k := range r.bob {
		require.Equal(t, inv.InviteID, await[protocol.InviteRef](t, k, protocol.TypeCallCancel).InviteID)
		require.Equal(t, id, await[protocol.MissedCall](t, k, protocol.TypeCallMissed).RoomID)
		require.Empty(t, rung(t, k))
	}
	require.Len(t, missedCalls(t, r.users[1]), 1)
}

// Whoever was away hears of a missed call on the first socket for everything, and
// not again; and hears on it what rings.
func TestMultiplexedMissedOnce(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann := openAll(t, c.users[0])
	for range 2 {
		inv := inviteIn(t, ann, c.room.ID, nil)
		_, err := ann.Request(within(t), protocol.TypeCallCancel, in(c.room.ID, named(inv.InviteID)))
		require.NoError(t, err)
	}
	list := awaitMissed(t, c.users[1], 2)
	inv := inviteIn(t, ann, c.room.ID, nil)
	bob := openAll(t, c.users[1])
	require.Equal(t, inv.InviteID, rings(t, bob).InviteID)
	for i := range list {
		require.Equal(t, list[len(list)-1-i], await[protocol.MissedCall](t, bob, protocol.TypeCallMissed))
	}
	second := openAll(t, c.users[1])
	require.Equal(t, inv.InviteID, rings(t, second).InviteID)
	require.Empty(t, rung(t, bob))
	require.Empty(t, rung(t, second))

	require.NoError(t, ann.Close()) // the caller is gone: it rings no longer
	for _, k := range []*client.Socket{bob, second} {
		require.Equal(t, inv.InviteID, await[protocol.InviteRef](t, k, protocol.TypeCallCancel).InviteID)
		await[protocol.MissedCall](t, k, protocol.TypeCallMissed)
		require.Empty(t, rung(t, k))
	}
}

func TestMultiplexedInvitesThatAreRefused(t *testing.T) {
	t.Parallel()
	r := startRinging(t)
	stranger := signUp(t, r.Server, "eve")[0]
	eve := openAll(t, stranger)
	require.Equal(t, protocol.CodeValidation, refused(t, r.ann[0], protocol.TypeCallInvite, nil), "in which room?")
	require.Equal(t, protocol.CodeNotFound, refused(t, eve, protocol.TypeCallInvite, in(r.room.ID, nil)))
	inv := inviteIn(t, r.ann[0], r.room.ID, nil)
	for _, typ := range []protocol.Type{protocol.TypeCallAccept, protocol.TypeCallDecline, protocol.TypeCallCancel} {
		require.Equal(t, protocol.CodeNotFound, refused(t, eve, typ, in(r.room.ID, named(inv.InviteID))), typ)
	}
	for _, k := range r.bob {
		require.Equal(t, inv.InviteID, rings(t, k).InviteID)
		require.Empty(t, rung(t, k), "and it rings on")
	}
	require.Empty(t, rung(t, eve))
}

// A call that begins on a socket for everything is told to the others' sockets for
// everything, as are rooms and what is unread in them, whether subscribed or not.
func TestMultiplexedUserWideChannel(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	annPhone, ann := c.openInbox(t, 0), c.openInbox(t, 0)
	bob, bobPhone := c.openInbox(t, 1), c.openInbox(t, 1)
	id := c.room.ID
	subscribe(t, ann, id, protocol.ChannelChat, protocol.ChannelCall)
	subscribe(t, bob, id, protocol.ChannelChat)

	joinIn(t, ann, id)
	for _, k := range []*client.Socket{bob, bobPhone} {
		started := rings(t, k)
		require.Equal(t, id, started.RoomID)
		require.Equal(t, user(c.users[0]), started.From)
		require.Empty(t, started.InviteID)
	}
	subscribe(t, bob, id, protocol.ChannelCall)
	joinIn(t, bob, id)
	for _, k := range []*client.Socket{ann, annPhone, bob, bobPhone} {
		require.Empty(t, rung(t, k), "a second peer is not the first")
	}

	ref := sayIn(t, ann, id, "hello")
	for _, k := range []*client.Socket{bob, bobPhone} {
		c.awaitUnread(t, k, protocol.Unread{UnreadCount: 1, LastSeq: 1})
	}
	requestIn[protocol.Empty](t, bob, protocol.TypeMessageRead, id, m{"message_id": ref.ID})
	for _, k := range []*client.Socket{bob, bobPhone} {
		c.awaitUnread(t, k, protocol.Unread{UnreadCount: 0, LastSeq: 1})
	}

	remove(t, c, 1)
	unsubscribed(t, bob, id, 2)
	require.Equal(t, protocol.LeaveRemoved, await[protocol.RoomRemoved](t, bobPhone, protocol.TypeRoomRemoved).Reason)
	add(t, c, 1)
	require.Equal(t, id, awaitAdded(t, bobPhone).ID)
	for room := awaitAdded(t, bob); room.ID != id; {
		room = awaitAdded(t, bob)
	}
	subscribe(t, bob, id, protocol.ChannelChat)
}

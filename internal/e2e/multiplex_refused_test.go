package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/protocol"
)

func TestMultiplexedRefusals(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	stranger := signUp(t, c.Server, "eve")[0]
	theirs, err := stranger.CreateRoom(within(t), "not ann's")
	require.NoError(t, err)
	id, ann := c.room.ID, openAll(t, c.users[0])
	for _, typ := range []protocol.Type{protocol.TypeSubscribe, protocol.TypeUnsubscribe} {
		for _, data := range []string{
			`{}`, `{"room_id":ID}`, `{"channel":"chat"}`, `{"room_id":ID,"channel":"video"}`, `{"room_id":"ID","channel":"chat"}`,
			`{"room_id":-ID,"channel":"chat"}`, `{"room_id":9007199254740992,"channel":"chat"}`,
			`{"room_id":ID,"channel":"chat","since_seq":-1}`, `{"room_id":ID,"channel":"chat","since_seq":"1"}`,
			`{"room_id":ID,"channel":"chat","since_seq":1.5}`, `{"room_id":ID,"channel":"chat","since_seq":9007199254740992}`,
		} {
			f, e := rawError(t, ann, fmt.Sprintf(`{"type":%q,"id":"s","data":%s}`, typ, strings.ReplaceAll(data, "ID", idText(id))))
			require.Equal(t, protocol.CodeValidation, e.Code, "%s %s", typ, data)
			require.Equal(t, "s", f.ID)
		}
	}
	_, e := rawError(t, ann, fmt.Sprintf(`{"type":"subscribe","room_id":%d,"data":{"room_id":%d,"channel":"chat"}}`, id, id+1))
	require.Equal(t, protocol.CodeValidation, e.Code, "two rooms")

	for _, other := range []int64{theirs.ID, theirs.ID + 1000} { // one that is not there looks the same
		for _, ch := range []protocol.Channel{protocol.ChannelChat, protocol.ChannelCall} {
			require.Equal(t, protocol.CodePermissionDenied, refused(t, ann, protocol.TypeSubscribe, subscription(other, ch)))
		}
		require.Equal(t, protocol.CodeNotSubscribed, refused(t, ann, protocol.TypeChatMessage, in(other, text("x"))))
	}
	still(t, ann)
}

// What is for a room needs the subscription to the right channel of it.
func TestMultiplexedFramesNeedASubscription(t *testing.T) {
	t.Parallel()
	rooms := several(t, 2, "ann", "bob")
	id, ann := rooms[0].room.ID, openAll(t, rooms[0].users[0])
	byChannel := map[protocol.Channel][]protocol.Type{
		protocol.ChannelChat: {
			protocol.TypeChatMessage, protocol.TypeTyping, protocol.TypeMessageRead, protocol.TypeMarkRoomAsRead,
			protocol.TypeMessageEdit, protocol.TypeMessageDelete,
		},
		protocol.ChannelCall: {
			protocol.TypeJoinCall, protocol.TypeLeaveCall, protocol.TypeOffer, protocol.TypeAnswer,
			protocol.TypeICECandidate, protocol.TypeSignal, protocol.TypePeerState,
		},
	}
	subscribe(t, ann, rooms[1].room.ID, protocol.ChannelChat, protocol.ChannelCall)
	for ch, types := range byChannel {
		for _, typ := range types {
			require.Equal(t, protocol.CodeValidation, refused(t, ann, typ, text("x")), "%s in no room", typ)
			require.Equal(t, protocol.CodeNotSubscribed, refused(t, ann, typ, in(id, text("x"))), typ)
		}
		subscribe(t, ann, id, ch)
		for other, types := range byChannel {
			if other != ch {
				require.Equal(t, protocol.CodeNotSubscribed, refused(t, ann, types[0], in(id, nil)), "%s is not %s", ch, other)
			}
		}
		unsubscribe(t, ann, id, ch)
		require.Equal(t, protocol.CodeNotSubscribed, refused(t, ann, types[0], in(id, nil)), "not any more")
	}
	require.Equal(t, protocol.CodeUnknownType, refused(t, ann, "dance", nil))
	require.Equal(t, protocol.CodeUnknownType, refused(t, ann, protocol.TypeWelcome, in(id, nil)))
	require.Equal(t, protocol.CodeUnknownType, refused(t, rooms[0].joined(t, 0), protocol.TypeSubscribe, subscription(id, protocol.ChannelChat)),
		"on a room's own socket")
	require.Empty(t, rooms[0].history(t, 0))
}

func TestMultiplexedSubscribingTwice(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	id, ann, bob := c.room.ID, openAll(t, c.users[0]), c.joined(t, 1)
	for range 3 {
		subscribe(t, ann, id, protocol.ChannelChat, protocol.ChannelCall)
	}
	require.Len(t, await[protocol.CallState](t, bob, protocol.TypeCallState).Participants, 1)
	sinceThen(t, ann, id)
	say(t, bob, "once")
	require.Equal(t, "once", awaitIn[protocol.Message](t, ann, protocol.TypeChatMessage, id).Content)
	require.Empty(t, sinceThen(t, ann, id))
	joinIn(t, ann, id)
	subscribe(t, ann, id, protocol.ChannelCall)
	require.Equal(t, "connecting: ann active", stateText(restState(t, c.users[0], id)), "it changes nothing")
	for range 2 {
		unsubscribe(t, ann, id, protocol.ChannelChat)
		unsubscribe(t, ann, id, protocol.ChannelCall)
	}
	require.Equal(t, "idle", stateText(restState(t, c.users[0], id)))
	subscribe(t, ann, id, protocol.ChannelChat)
	sayIn(t, ann, id, "again")
}

func TestMultiplexedSubscriptionsAreLimited(t *testing.T) {
	t.Parallel()
	const most = 3
	c := chatOn(t, startNode(t, func(cfg *configs.Config) { cfg.Limits.Subscriptions = most }), "ann")
	ann := openAll(t, c.users[0])
	ids := []int64{c.room.ID}
	for range most {
		ids = append(ids, meet(t, c.users...).ID)
		subscribe(t, ann, ids[len(ids)-1], protocol.ChannelChat)
	}
	denied := func(roomID int64, ch protocol.Channel) {
		t.Helper()
		require.Equal(t, protocol.CodeTooManySubscriptions, refused(t, ann, protocol.TypeSubscribe, subscription(roomID, ch)))
	}
	denied(ids[0], protocol.ChannelChat)
	denied(ids[1], protocol.ChannelCall)
	subscribe(t, ann, ids[1], protocol.ChannelChat) // one that it has
	unsubscribe(t, ann, ids[1], protocol.ChannelChat)
	subscribe(t, ann, ids[0], protocol.ChannelCall)
	denied(ids[1], protocol.ChannelChat)
	subscribe(t, openAll(t, c.users[0]), ids[1], protocol.ChannelChat) // each socket has its own
}

// A user who is let in again may subscribe again, and not before.
func TestMultiplexedRightsAreCheckedEachTime(t *testing.T) {
	t.Parallel()
	rooms := several(t, 3, "ann", "bob")
	bob := openAll(t, rooms[0].users[1])
	for _, c := range rooms {
		for range 3 {
			subscribe(t, bob, c.room.ID, protocol.ChannelChat)
			remove(t, c, 1)
			awaitIn[protocol.Unsubscribed](t, bob, protocol.TypeUnsubscribed, c.room.ID)
			require.Equal(t, protocol.CodePermissionDenied,
				refused(t, bob, protocol.TypeSubscribe, subscription(c.room.ID, protocol.ChannelChat)))
			add(t, c, 1)
		}
	}
}

package room_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

func TestRoomsAndTheirChannels(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	chat1, chat2, call := n.enter("user=1"), n.enter("user=2"), n.enter("user=1&channel=call")
	other := n.enter("user=3&room=2")
	n.in(1, func(r *room.Room) {
		assert.EqualValues(t, 1, r.ID())
		var users []int64
		for s := range r.Sessions(protocol.ChannelChat) {
			users = append(users, s.User().ID)
		}
		assert.Equal(t, []int64{1, 2}, users, "in the order in which they came")
		assert.Len(t, slices.Collect(r.Sessions("")), 3)
		assert.NotNil(t, r.Behavior(protocol.ChannelCall))
		r.Broadcast(protocol.ChannelChat, event("to-chat"))
		r.Broadcast("", event("to-all"))
	})
	for _, p := range []*peer{chat1, chat2} {
		require.EqualValues(t, "to-chat", p.read().Type)
		require.EqualValues(t, "to-all", p.read().Type)
	}
	require.EqualValues(t, "to-all", call.read().Type)
	other.alive()
	require.Equal(t, 2, n.meter.get("rooms"))
	require.Equal(t, 3, n.meter.get("session chat"))
	require.Equal(t, 1, n.meter.get("session call"))
	require.Equal(t, 2, n.meter.get("out to-chat"))
	require.Equal(t, 3, n.meter.get("out to-all"))
	require.Equal(t, 1, n.meter.get("in ping"))
	require.Len(t, n.fake.made, 3, "one behavior for each channel of each room")
	n.in(7, func(r *room.Room) { assert.Nil(t, r) })
	n.in(2, func(r *room.Room) { assert.Nil(t, r.Behavior(protocol.ChannelCall)) })
}

func TestARoomIsMadeAnew(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	p := n.enter("")
	first := take(t, n.fake.made, "a behavior")
	_ = p.conn.CloseNow()
	take(t, n.fake.left, "the leave")
	n.enter("")
	require.NotSame(t, first, take(t, n.fake.made, "another behavior"))
}

func TestAsk(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	n.enter("")
	count := func(r *room.Room) int { return len(slices.Collect(r.Sessions(""))) }
	got, err := room.Ask(t.Context(), n.hub, 1, count)
	require.NoError(t, err)
	require.Equal(t, 1, got)

	held := make(chan struct{})
	defer close(held)
	require.True(t, n.hub.In(1, func(*room.Room) { <-held }))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = room.Ask(ctx, n.hub, 1, count)
	require.ErrorIs(t, err, context.Canceled)
}

func TestAskOfAStoppedNode(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	n.stop()
	_, err := room.Ask(t.Context(), n.hub, 1, func(*room.Room) int { return 1 })
	require.Equal(t, protocol.CodeUnavailable, protocol.AsError(err).Code)
	require.False(t, n.hub.In(1, func(*room.Room) {}))
}

func TestSessionsOfUserAreLimited(t *testing.T) {
	n := start(t, room.Config{SessionsOfUser: 2}, &fake{})
	first := n.enter("user=1")
	n.enter("user=1&room=2&channel=call") // on the other shard
	require.Equal(t, protocol.CloseRateLimited, n.dial("user=1&room=3").code())
	n.enter("user=2")
	_ = first.conn.CloseNow()
	take(t, n.fake.left, "the leave")
	n.enter("user=1&room=3")
	require.Equal(t, protocol.CloseRateLimited, n.dial("user=1&room=4").code())
}

package e2e

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"parley/loadtest/client"
	"parley/protocol"
)

// spread is ann, in the chats and calls of several rooms with one socket behind a
// proxy, and bob with two sockets for each room.
type spread struct {
	ann, bob *client.User
	far      *distant
	all      *tracked // ann's
	rooms    []spreadRoom
}

type spreadRoom struct {
	id         int64
	chat, call *tracked // bob's
}

func newSpread(t *testing.T, users []*client.User, rooms int) *spread {
	t.Helper()
	x := &spread{ann: users[0], bob: users[1], far: away(t, users[0])}
	x.all = tracking(t, x.far.User, "/ws/")
	for range rooms {
		id := meet(t, users...).ID
		r := spreadRoom{id, tracking(t, x.bob, fmt.Sprintf("/ws/room/%d/", id)), tracking(t, x.bob, fmt.Sprintf("/ws/call/%d/", id))}
		x.rooms = append(x.rooms, r)
		x.subscribe(t, r, 0)
		_, err := r.call.Request(within(t), protocol.TypeJoinCall, nil)
		require.NoError(t, err)
	}
	for _, r := range x.rooms {
		require.NoError(t, r.chat.caughtUp(within(t)))
		require.NoError(t, r.call.caughtUp(within(t)))
	}
	require.NoError(t, x.all.caughtUp(within(t)))
	return x
}

// subscribe has ann subscribe to a room, with the messages up to a seq, and join its
// call.
func (x *spread) subscribe(t *testing.T, r spreadRoom, since int64) {
	t.Helper()
	for _, ch := range []protocol.Channel{protocol.ChannelChat, protocol.ChannelCall} {
		data := subscription(r.id, ch)
		data["since_seq"] = since
		_, err := x.all.Request(within(t), protocol.TypeSubscribe, data)
		require.NoError(t, err)
	}
	_, err := x.all.Request(within(t), protocol.TypeJoinCall, in(r.id, nil))
	require.NoError(t, err)
}

// each is how many messages, and signals, each sends in a room.
const each = 5

// begin has both say and signal in all rooms at once.
func (x *spread) begin() *errgroup.Group {
	var work errgroup.Group
	for _, r := range x.rooms {
		work.Go(func() error {
			for n := range each {
				err := errors.Join(
					x.all.Post(protocol.TypeChatMessage, in(r.id, once("ann", n))),
					r.chat.Post(protocol.TypeChatMessage, once("bob", n)),
					x.all.Post(protocol.TypeSignal, in(r.id, m{"n": n})),
					r.call.Post(protocol.TypeSignal, m{"n": n}))
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	return &work
}

// once is a message that may be sent again.
func once(by string, n int) m { return m{"content": by, "client_msg_id": fmt.Sprint(n)} }

// ofRoom are a room's frames among those of a multiplexed socket.
func ofRoom(all []client.Frame, roomID int64) (list []client.Frame) {
	for _, f := range all {
		if f.RoomID == roomID {
			list = append(list, f)
		}
	}
	return list
}

// saidIn are the seqs of the chat messages among frames.
func saidIn(all []client.Frame) (seqs []int64) {
	for _, f := range all {
		var msg protocol.Message
		if f.Type == protocol.TypeChatMessage && f.Into(&msg) == nil {
			seqs = append(seqs, msg.Seq)
		}
	}
	return seqs
}

// upTo are the seqs from first to last.
func upTo(first, last int64) (seqs []int64) {
	for n := first; n <= last; n++ {
		seqs = append(seqs, n)
	}
	return seqs
}

// requireExact requires that in each room both got everything: once, in order.
func (x *spread) requireExact(t *testing.T) {
	t.Helper()
	signals := []int{0, 1, 2, 3, 4}
	for _, r := range x.rooms {
		for _, w := range []struct {
			who, what string
			k         *tracked
			come      func([]client.Frame) bool
		}{
			{"ann", "chat", x.all, func(all []client.Frame) bool { return len(saidIn(ofRoom(all, r.id))) >= 2*each }},
			{"ann", "signals", x.all, func(all []client.Frame) bool {
				return len(numbers(ofRoom(all, r.id), x.bob.Account.ID)) >= each
			}},
			{"bob", "chat", r.chat, func(all []client.Frame) bool { return len(saidIn(all)) >= 2*each }},
			{"bob", "signals", r.call, func(all []client.Frame) bool { return len(numbers(all, x.ann.Account.ID)) >= each }},
		} {
			come := func(all []client.Stream) bool { return w.come(frames(all)) }
			require.NoError(t, w.k.Record.Await(within(t), come), "%s's %s in room %d", w.who, w.what, r.id)
			if w.k == x.all {
				x.answeredBy(t, r.id)
			}
			require.NoError(t, w.k.caughtUp(within(t)), "what is doubled has come too")
			require.Len(t, w.k.Streams(), 1)
		}
		all := ofRoom(frames(x.all.Streams()), r.id)
		require.Equal(t, upTo(1, 2*each), saidIn(all))
		require.Equal(t, upTo(1, 2*each), saidIn(frames(r.chat.Streams())))
		require.Equal(t, signals, numbers(all, x.bob.Account.ID))
		require.Equal(t, signals, numbers(frames(r.call.Streams()), x.ann.Account.ID))
	}
}

// answeredBy waits until a room has answered ann's socket: all that it sent before
// has come.
func (x *spread) answeredBy(t *testing.T, roomID int64) {
	t.Helper()
	for typ, data := range map[protocol.Type]m{protocol.TypeTyping: {"note": 0}, protocol.TypePeerState: {"peer_id": 0}} {
		_, err := x.all.Request(within(t), typ, in(roomID, data))
		var fe *client.FrameError
		require.ErrorAs(t, err, &fe)
	}
}

// requireStayed requires that bob saw ann suspended in each call, or not, that she
// is there at the end, and that she never left.
func (x *spread) requireStayed(t *testing.T, suspended bool) {
	t.Helper()
	for _, r := range x.rooms {
		var states []protocol.ParticipantState
		list := standings(frames(r.call.Streams()), x.ann.Account.ID)
		for _, s := range list {
			states = append(states, s.State)
		}
		require.Equal(t, protocol.ParticipantActive, states[len(states)-1])
		require.Equal(t, suspended, slices.Contains(states, protocol.ParticipantSuspended), "%v", states)
		for _, k := range []*tracked{r.chat, r.call} {
			require.Zero(t, count(frames(k.Streams()), protocol.TypeUserLeft))
			require.Zero(t, count(frames(k.Streams()), protocol.TypeUserOffline))
		}
	}
}

// awaitStanding waits until bob sees ann so in the calls of all rooms.
func (x *spread) awaitStanding(t *testing.T, state protocol.ParticipantState) {
	t.Helper()
	for _, r := range x.rooms {
		seen := func(all []client.Stream) bool {
			list := standings(frames(all), x.ann.Account.ID)
			return len(list) > 0 && list[len(list)-1].State == state
		}
		require.NoError(t, r.call.Record.Await(within(t), seen), "room %d: %v", r.id, standings(frames(r.call.Streams()), x.ann.Account.ID))
	}
}

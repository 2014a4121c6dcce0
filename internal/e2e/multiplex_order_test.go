package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/loadtest/client"
	"parley/protocol"
)

// ledger is what a client of one room has: all messages up to the last it saw.
type ledger struct {
	ids        []int64 // of the messages, by seq from 1 on
	subscribed bool
}

// take enters a message, which must be the next.
func (l *ledger) take(t *testing.T, f client.Frame) {
	t.Helper()
	msg := message(t, f)
	require.EqualValues(t, len(l.ids)+1, msg.Seq, "room %d: frame: %s", f.RoomID, f.Raw)
	l.ids = append(l.ids, msg.ID)
}

// Rooms are written to all the time while a client comes to them and goes: with the
// last seq that it has, it gets each message once, in order, with no gap, as the
// rooms' own sockets do.
func TestMultiplexedOrderWhileSubscribing(t *testing.T) {
	t.Parallel()
	const count, turns = 5, 200
	seed := seedOf(t)
	random := rand.New(rand.NewPCG(seed, 0))
	rooms := severalOn(t, startNode(t, func(c *configs.Config) { c.Limits.Enabled = false }), count, "ann", "bob")
	k, ledgers := openAll(t, rooms[0].users[1]), map[int64]*ledger{}
	own := make([]*client.Socket, count)
	for i, c := range rooms {
		own[i], ledgers[c.room.ID] = c.joined(t, 1), &ledger{}
	}
	stop := writing(t, rooms)
	for range turns {
		id := rooms[random.IntN(count)].room.ID
		ledgers[id].turn(t, k, ledgers, id)
		if random.IntN(3) == 0 {
			readUp(t, k, ledgers)
		}
	}
	stop()
	for _, c := range rooms {
		if l := ledgers[c.room.ID]; !l.subscribed {
			l.turn(t, k, ledgers, c.room.ID)
		}
	}
	for i, c := range rooms {
		l, all := ledgers[c.room.ID], c.history(t, 0)
		for len(l.ids) < len(all) {
			f, err := k.Next(within(t))
			require.NoError(t, err)
			enterMessage(t, f, ledgers)
		}
		require.NotEmpty(t, all)
		theirs := &ledger{}
		for _, msg := range messages(t, own[i], len(all)) {
			require.EqualValues(t, len(theirs.ids)+1, msg.Seq)
			theirs.ids = append(theirs.ids, msg.ID)
		}
		require.Equal(t, theirs.ids, l.ids, "room %d of %d", i, count)
	}
	readUp(t, k, ledgers) // and nothing twice
}

// writing has two users write to each room until stop is called, which waits for
// them.
func writing(t *testing.T, rooms []*chatting) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(within(t))
	var work sync.WaitGroup
	for _, c := range rooms {
		for i := range 2 {
			k := c.joined(t, i)
			work.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					if _, err := k.Request(context.WithoutCancel(ctx), protocol.TypeChatMessage, text(fmt.Sprint(n))); err != nil {
						t.Errorf("write: %v", err)
						return
					}
				}
			})
		}
	}
	stop = func() { cancel(); work.Wait() }
	t.Cleanup(stop)
	return stop
}

// turn subscribes to a room, where the ledger ends, or unsubscribes from it.
func (l *ledger) turn(t *testing.T, k *client.Socket, all map[int64]*ledger, roomID int64) {
	t.Helper()
	if l.subscribed {
		unsubscribe(t, k, roomID, protocol.ChannelChat)
		readUp(t, k, all) // what came before the ack
		l.subscribed = false
		return
	}
	data := subscription(roomID, protocol.ChannelChat)
	data["since_seq"] = len(l.ids)
	ack := requestIn[protocol.Subscribed](t, k, protocol.TypeSubscribe, roomID, data)
	require.GreaterOrEqual(t, *ack.LastSeq, int64(len(l.ids)))
	l.subscribed = true
}

// readUp enters all that has come up to now.
func readUp(t *testing.T, k *client.Socket, ledgers map[int64]*ledger) {
	t.Helper()
	for _, f := range sinceThen(t, k) {
		enterMessage(t, f, ledgers)
	}
}

// enterMessage enters a frame where it is a message.
func enterMessage(t *testing.T, f client.Frame, ledgers map[int64]*ledger) {
	t.Helper()
	if f.Type != protocol.TypeChatMessage {
		return
	}
	l := ledgers[f.RoomID]
	require.True(t, l.subscribed, "after unsubscribe was acknowledged: %s", f.Raw)
	l.take(t, f)
}

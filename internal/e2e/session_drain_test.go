package e2e

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/loadtest/client"
	"parley/protocol"
)

// farewell reads a socket to its end: the frames, the last of which must be
// reconnect, and the code.
func farewell(t *testing.T, k *client.Socket) ([]client.Frame, protocol.Reconnect) {
	t.Helper()
	require.Equal(t, protocol.CloseRestart, closeCode(t, k))
	var all []client.Frame
	for {
		f, err := k.Next(within(t))
		if err != nil {
			break
		}
		all = append(all, f)
	}
	require.NotEmpty(t, all, "closed without a word")
	last := all[len(all)-1]
	require.Equal(t, protocol.TypeReconnect, last.Type, "frame: %s", last.Raw)
	var r protocol.Reconnect
	require.NoError(t, last.Into(&r))
	return all[:len(all)-1], r
}

func TestStopTellsEverySocketWhenToComeBack(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	rooms := []*chatting{c, {node: c.node, users: c.users, room: meet(t, c.users...)}} // on both shards
	var sockets []*client.Socket
	for _, r := range rooms {
		for range 5 {
			sockets = append(sockets, r.joined(t, 0), r.joined(t, 1), openCall(t, r.users[0], r.room.ID))
		}
		caller := openCall(t, r.users[1], r.room.ID)
		request[struct{}](t, caller, protocol.TypeJoinCall, nil)
		sockets = append(sockets, caller)
	}
	for _, k := range sockets {
		settled(t, k)
	}
	c.stop(t)
	slots := map[int64]bool{}
	for _, k := range sockets {
		before, r := farewell(t, k)
		require.Equal(t, "restart", r.Reason)
		require.Positive(t, r.RetryAfterMS)
		require.False(t, slots[r.RetryAfterMS], "two are to come back after %d ms", r.RetryAfterMS)
		slots[r.RetryAfterMS] = true
		for _, f := range before {
			require.NotContains(t, []protocol.Type{protocol.TypeUserOffline, protocol.TypeUserLeft}, f.Type,
				"a restart is no leave: %s", f.Raw)
		}
	}
}

// settled reads up to the pong of a ping: all that was under way has come.
func settled(t *testing.T, k *client.Socket) {
	t.Helper()
	require.NoError(t, k.SendRaw(within(t), []byte(`{"type":"ping"}`)))
	await[struct{}](t, k, protocol.TypePong)
}

// A client that never answers the close frame does not hold the server up.
func TestStopDoesNotWaitForTheSilent(t *testing.T) {
	t.Parallel()
	n := startNode(t, func(cfg *configs.Config) { cfg.Edge.CloseTimeout = 200 * time.Millisecond })
	c := chatOn(t, n, "ann")
	conn := c.bare(t, 0)
	require.Equal(t, "ann", admitted(t, conn))
	began := time.Now()
	c.stop(t)
	require.Less(t, time.Since(began), patience/3)
	require.EqualValues(t, protocol.CloseRestart, bareCode(t, conn))
}

func TestNoHandshakeDuringAStop(t *testing.T) {
	t.Parallel()
	n := startNode(t, func(cfg *configs.Config) { cfg.Edge.CloseTimeout = 2 * time.Second })
	c := chatOn(t, n, "ann")
	silent := c.bare(t, 0) // holds the stop up
	require.Equal(t, "ann", admitted(t, silent))
	k := c.joined(t, 0)
	stopped := make(chan error, 1)
	go func() { stopped <- c.Stop() }()
	require.Equal(t, protocol.CloseRestart, closeCode(t, k))
	_, _, err := c.dialBare(t, 0, c.socket(""), nil)
	require.Error(t, err)
	require.NoError(t, <-stopped)
}

// What was acknowledged before a stop is there after it, once and in order,
// however much was under way.
func TestNothingAcknowledgedIsLostByARestart(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	const writers = 6
	acked := make([][]protocol.MessageRef, writers)
	var wg sync.WaitGroup
	busy := make(chan struct{}, 1000)
	for w := range writers {
		k := c.joined(t, w%2)
		wg.Go(func() {
			for {
				f, err := k.Request(t.Context(), protocol.TypeChatMessage, text("x"))
				if err != nil {
					return // the server stops
				}
				var ref protocol.MessageRef
				if err := f.Into(&ref); err != nil {
					t.Errorf("ack: %v", err)
				}
				acked[w] = append(acked[w], ref)
				select {
				case busy <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 100 {
		<-busy
	}
	c.stop(t)
	wg.Wait()

	require.NoError(t, c.Start())
	for _, u := range c.users {
		u.Server = c.Server // it has another port
	}
	stored := c.history(t, 0)
	requireSeqs(t, 1, stored)
	ids := map[int64]int64{}
	for _, m := range stored {
		ids[m.ID] = m.Seq
	}
	require.Len(t, ids, len(stored))
	for w := range acked {
		for _, ref := range acked[w] {
			require.Equal(t, ref.Seq, ids[ref.ID], "message %d was acknowledged", ref.ID)
		}
	}
	k, missed := c.live(t, 1, "?since_seq=0")
	require.Equal(t, stored, missed)
	require.EqualValues(t, len(stored)+1, say(t, k, "and on").Seq)
}

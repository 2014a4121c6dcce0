package e2e

import (
	"context"
	"fmt"
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"parley/loadtest/client"
	"parley/protocol"
)

// writer is a client that writes one message after another and keeps in mind
// what the server has acknowledged.
type writer struct {
	name   string
	socket *client.Socket
	acked  []protocol.MessageRef // of message 0, 1, 2…
}

func (w *writer) id(n int) string { return fmt.Sprintf("%s-%d", w.name, n) }

func (w *writer) send(ctx context.Context, n int) (protocol.MessageRef, error) {
	var ref protocol.MessageRef
	f, err := w.socket.Request(ctx, protocol.TypeChatMessage, map[string]string{
		"content": "content of " + w.id(n), "client_msg_id": w.id(n),
	})
	if err == nil {
		err = f.Into(&ref)
	}
	return ref, err
}

// write writes until the socket is lost.
func (w *writer) write(ctx context.Context, acked chan<- struct{}) {
	for {
		ref, err := w.send(ctx, len(w.acked))
		if err != nil {
			return
		}
		w.acked = append(w.acked, ref)
		select {
		case acked <- struct{}{}:
		default: // enough are counted
		}
	}
}

// whole reads all of a room's messages, oldest first.
func whole(t *testing.T, u *client.User, roomID int64) (all []protocol.Message) {
	t.Helper()
	for after := int64(0); ; {
		var page struct{ Results []protocol.Message }
		path := fmt.Sprintf("/api/rooms/%d/messages/?after_seq=%d&limit=100", roomID, after)
		require.NoError(t, u.Call(within(t), http.MethodGet, path, nil, &page))
		if len(page.Results) == 0 {
			return all
		}
		all = append(all, page.Results...)
		after = all[len(all)-1].Seq
	}
}

// processKilled kills the node, without warning, while clients write. Whatever
// was acknowledged must be there when it is back.
func processKilled(t *testing.T, binary string) {
	const writers, enough = 8, 400
	dir := t.TempDir()
	p := serving(t, binary, dir)
	users := signUp(t, p.Server, "ann", "bob", "cid", "dan")
	room := meet(t, users...)

	all := make([]*writer, writers)
	acked := make(chan struct{}, enough)
	var work errgroup.Group
	ctx := within(t)
	for i := range all {
		all[i] = &writer{name: fmt.Sprintf("writer%d", i), socket: openChat(t, users[i%len(users)], room.ID, "")}
		work.Go(func() error { all[i].write(ctx, acked); return nil })
	}
	for range enough {
		select {
		case <-acked:
		case <-ctx.Done():
			require.Fail(t, "too few messages were acknowledged")
		}
	}
	p.signal(t, syscall.SIGKILL)
	require.Equal(t, -1, p.exitCode(t))
	require.NoError(t, work.Wait())

	back := serving(t, binary, dir)
	ann, err := back.Login(within(t), "ann", password)
	require.NoError(t, err)
	stored := whole(t, ann, room.ID)
	requireAcknowledged(t, all, stored)
	for i, w := range all {
		u := *users[i%len(users)]
		u.Server = back.Server // the token is as good as before
		w.socket = openChat(t, &u, room.ID, "")
	}
	requireResendIsOnce(t, all, stored, ann, room.ID)
	back.terminate(t)
}

// requireAcknowledged requires each acknowledged message to be stored once, as it
// was acknowledged, each writer's in order, and seq to have no gaps.
func requireAcknowledged(t *testing.T, all []*writer, stored []protocol.Message) {
	t.Helper()
	at := map[string]protocol.Message{}
	for i, m := range stored {
		require.EqualValues(t, i+1, m.Seq, "seq has no gaps")
		require.NotContains(t, at, m.ClientMsgID, "stored twice")
		require.Equal(t, "content of "+m.ClientMsgID, m.Content)
		at[m.ClientMsgID] = m
	}
	total := 0
	for _, w := range all {
		last := int64(0)
		for n, ref := range w.acked {
			m, found := at[w.id(n)]
			require.True(t, found, "%s was acknowledged as %+v and is lost", w.id(n), ref)
			require.Equal(t, protocol.MessageRef{ID: m.ID, Seq: m.Seq}, ref, "as it was acknowledged")
			require.Greater(t, m.Seq, last, "a writer's messages keep their order")
			last = m.Seq
		}
		total += len(w.acked)
	}
	t.Logf("%d acknowledged, %d stored", total, len(stored))
	require.LessOrEqual(t, len(stored), total+len(all), "at most one of each writer was under way")
}

// requireResendIsOnce sends again what was acknowledged last and what was under
// way when the node died, as clients do that come back.
func requireResendIsOnce(t *testing.T, all []*writer, stored []protocol.Message, u *client.User, roomID int64) {
	t.Helper()
	for _, w := range all {
		for n := max(0, len(w.acked)-10); n < len(w.acked); n++ {
			ref, err := w.send(within(t), n)
			require.NoError(t, err)
			require.Equal(t, w.acked[n], ref, "the acknowledgement names the first")
		}
		ref, err := w.send(within(t), len(w.acked))
		require.NoError(t, err)
		w.acked = append(w.acked, ref)
	}
	now := whole(t, u, roomID)
	require.Equal(t, stored, now[:len(stored)], "what was stored has not changed")
	requireAcknowledged(t, all, now)
	total := 0
	for _, w := range all {
		total += len(w.acked)
	}
	require.Len(t, now, total, "nothing but what was acknowledged, each once")
}

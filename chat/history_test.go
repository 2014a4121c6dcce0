package chat_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/chat"
	"parley/protocol"
	"parley/store"
)

// listing is each way to read the history.
func (n *node) listings() map[string]func(ctx context.Context, userID, roomID int64) ([]protocol.Message, error) {
	return map[string]func(ctx context.Context, userID, roomID int64) ([]protocol.Message, error){
		"MessagesPage": func(ctx context.Context, userID, roomID int64) ([]protocol.Message, error) {
			ms, total, err := n.chat.Page(ctx, userID, roomID, store.Page{Limit: 2})
			if err == nil {
				require.Equal(n.t, 3, total)
			}
			return ms, err
		},
		"MessagesAfter": func(ctx context.Context, userID, roomID int64) ([]protocol.Message, error) {
			return n.chat.After(ctx, userID, roomID, 1, 2)
		},
		"MessagesBefore": func(ctx context.Context, userID, roomID int64) ([]protocol.Message, error) {
			return n.chat.Before(ctx, userID, roomID, 3, 2)
		},
		"MessagesChangedSince": func(ctx context.Context, userID, roomID int64) ([]protocol.Message, error) {
			ms, _, err := n.chat.ChangedSince(ctx, userID, roomID, time.Time{}, store.Page{Limit: 2})
			return ms, err
		},
	}
}

func TestHistory(t *testing.T) {
	n := start(t, newFakeStore(3))
	n.store.PostDelete(1, 1, 1001, func(_ store.Message, _ bool, err error) { require.NoError(t, err) })
	want := map[string][]int64{
		"MessagesPage": {3, 2}, "MessagesAfter": {2, 3}, "MessagesBefore": {2, 1}, "MessagesChangedSince": {1},
	}
	for name, list := range n.listings() {
		ms, err := list(t.Context(), 1, 1)
		require.NoError(t, err, name)
		var seqs []int64
		for _, m := range ms {
			seqs = append(seqs, m.Seq)
		}
		require.Equal(t, want[name], seqs, name)
	}
}

func TestHistoryIsForParticipants(t *testing.T) {
	n := start(t, newFakeStore(3))
	for name, list := range n.listings() {
		for _, c := range []struct{ user, room int64 }{{100, 1}, {1, 2}} {
			_, err := list(t.Context(), c.user, c.room)
			require.Equal(t, protocol.CodeNotFound, protocol.AsError(err).Code, name)
		}
		n.store.fail("IsParticipant", errDisk)
		_, err := list(t.Context(), 1, 1)
		require.ErrorIs(t, err, errDisk, name)
		n.store.fail("IsParticipant", nil)
		n.store.fail(name, store.ErrClosed)
		n.store.fail("MessagesBefore", store.ErrClosed) // what the fake's pages are made of
		_, err = list(t.Context(), 1, 1)
		require.Equal(t, protocol.CodeUnavailable, protocol.AsError(err).Code, name)
		n.store.fail(name, nil)
		n.store.fail("MessagesBefore", nil)
	}
}

func TestSendChecksTheMessage(t *testing.T) {
	n := start(t, newFakeStore(0))
	send := func(content *string, key string) (protocol.Message, bool, error) {
		return n.chat.Send(t.Context(), userOf(2), 1, protocol.SendMessage{Content: content, ClientMsgID: key})
	}
	x, empty, long, nul := "x", "", strings.Repeat("x", 4001), "\x00"
	for _, bad := range []*string{nil, &empty, &long, &nul} {
		_, _, err := send(bad, "")
		require.Equal(t, protocol.CodeValidation, protocol.AsError(err).Code)
		require.Equal(t, "content", protocol.AsError(err).Fields[0].Field)
	}
	for _, bad := range []string{"\x00", strings.Repeat("\u00e9", 65)} {
		_, _, err := send(&x, bad)
		require.Equal(t, "client_msg_id", protocol.AsError(err).Fields[0].Field)
	}
	m, created, err := send(&x, strings.Repeat("\u00e9", 64))
	require.NoError(t, err)
	require.True(t, created)
	again, created, err := send(&x, m.ClientMsgID)
	require.NoError(t, err)
	require.False(t, created)
	require.Equal(t, m, again)
}

func TestWireShowsChanges(t *testing.T) {
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	w := chat.Wire(store.Message{ID: 1, Seq: 2, RoomID: 3, CreatedAt: at})
	require.Nil(t, w.EditedAt)
	require.Nil(t, w.DeletedAt)
	w = chat.Wire(store.Message{ID: 1, Seq: 2, RoomID: 3, CreatedAt: at, EditedAt: at, DeletedAt: at})
	require.Equal(t, protocol.At(at), *w.EditedAt)
	require.Equal(t, protocol.At(at), *w.DeletedAt)
}

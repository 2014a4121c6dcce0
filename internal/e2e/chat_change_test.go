package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// written is a room with an owner (0), an author (1) and a third (2), each with
// a socket, and a message of the author's.
func written(t *testing.T) (c *chatting, sockets []*client.Socket, m protocol.Message) {
	t.Helper()
	c = startChat(t, "owner", "author", "third")
	for i := range c.users {
		sockets = append(sockets, c.joined(t, i))
	}
	say(t, sockets[1], "draft")
	for _, k := range sockets {
		m = await[protocol.Message](t, k, protocol.TypeChatMessage)
	}
	return c, sockets, m
}

func change(m protocol.Message, content string) map[string]any {
	return map[string]any{"message_id": m.ID, "content": content}
}

func TestEditByTheAuthor(t *testing.T) {
	t.Parallel()
	c, sockets, m := written(t)
	ref := request[protocol.MessageRef](t, sockets[1], protocol.TypeMessageEdit, change(m, "final"))
	require.Equal(t, protocol.MessageRef{ID: m.ID, Seq: m.Seq}, ref)
	for _, k := range sockets {
		got := next[protocol.Message](t, k, protocol.TypeMessageEdit)
		require.NotNil(t, got.EditedAt)
		want := m
		want.Content, want.EditedAt = "final", got.EditedAt
		require.Equal(t, want, got, "the whole message")
		require.Equal(t, []protocol.Message{got}, c.history(t, 0), "as the history shows it")
		still(t, k)
	}
}

func TestEditByOthersIsDenied(t *testing.T) {
	t.Parallel()
	c, sockets, m := written(t)
	require.Equal(t, protocol.CodePermissionDenied, refused(t, sockets[0], protocol.TypeMessageEdit, change(m, "x")), "the owner")
	require.Equal(t, protocol.CodePermissionDenied, refused(t, sockets[2], protocol.TypeMessageEdit, change(m, "x")))
	require.Equal(t, protocol.CodePermissionDenied, refused(t, sockets[2], protocol.TypeMessageDelete, change(m, "x")))
	require.Equal(t, []protocol.Message{m}, c.history(t, 0))
	for _, k := range sockets {
		still(t, k)
	}
}

func TestDeleteByAuthorAndOwner(t *testing.T) {
	t.Parallel()
	for _, by := range []int{0, 1} {
		c, sockets, m := written(t)
		request[protocol.MessageRef](t, sockets[by], protocol.TypeMessageDelete, change(m, ""))
		for _, k := range sockets {
			got := next[protocol.Message](t, k, protocol.TypeMessageDelete)
			require.NotNil(t, got.DeletedAt)
			want := m
			want.Content, want.DeletedAt = "", got.DeletedAt
			require.Equal(t, want, got)
			require.Equal(t, []protocol.Message{got}, c.history(t, 0), "it stays in the history")
		}
		ref := request[protocol.MessageRef](t, sockets[by], protocol.TypeMessageDelete, change(m, ""))
		require.Equal(t, m.ID, ref.ID, "deleting twice is no error")
		require.Equal(t, protocol.CodeConflict, refused(t, sockets[1], protocol.TypeMessageEdit, change(m, "back")))
		for _, k := range sockets {
			still(t, k) // and no news
		}
	}
}

func TestChangesThatCannotBe(t *testing.T) {
	t.Parallel()
	c, sockets, m := written(t)
	other := &chatting{node: c.node, users: c.users, room: meet(t, c.users...)}
	elsewhere := say(t, other.joined(t, 1), "x")
	author := sockets[1]
	for _, bad := range []struct {
		typ  protocol.Type
		data any
		code protocol.Code
	}{
		{protocol.TypeMessageEdit, map[string]any{"message_id": 4711, "content": "x"}, protocol.CodeNotFound},
		{protocol.TypeMessageEdit, map[string]any{"message_id": elsewhere.ID, "content": "x"}, protocol.CodeNotFound},
		{protocol.TypeMessageEdit, map[string]any{"content": "x"}, protocol.CodeValidation},
		{protocol.TypeMessageEdit, map[string]any{"message_id": m.ID}, protocol.CodeValidation},
		{protocol.TypeMessageEdit, change(m, ""), protocol.CodeValidation},
		{protocol.TypeMessageEdit, change(m, strings.Repeat("x", 4001)), protocol.CodeMessageTooLong},
		{protocol.TypeMessageEdit, map[string]any{"message_id": "1", "content": "x"}, protocol.CodeValidation},
		{protocol.TypeMessageDelete, map[string]any{"message_id": 4711}, protocol.CodeNotFound},
		{protocol.TypeMessageDelete, map[string]any{"message_id": elsewhere.ID}, protocol.CodeNotFound},
		{protocol.TypeMessageDelete, nil, protocol.CodeValidation},
	} {
		require.Equal(t, bad.code, refused(t, author, bad.typ, bad.data), "%s %v", bad.typ, bad.data)
	}
	still(t, author)
	require.Equal(t, []protocol.Message{m}, c.history(t, 0))
	require.Len(t, other.history(t, 0), 1)
}

package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

func TestMessageReachesEverySocketOfTheRoom(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	other := &chatting{node: c.node, users: c.users, room: meet(t, c.users...)}
	ann, phone, bob, elsewhere := c.joined(t, 0), c.joined(t, 0), c.joined(t, 1), other.joined(t, 1)
	await[protocol.PresenceChange](t, ann, protocol.TypeUserOnline) // bob
	await[protocol.PresenceChange](t, phone, protocol.TypeUserOnline)

	ref := say(t, ann, "hello")
	require.EqualValues(t, 1, ref.Seq)
	first := next[protocol.Message](t, bob, protocol.TypeChatMessage)
	require.Equal(t, protocol.Message{
		ID: ref.ID, Seq: 1, RoomID: c.room.ID, Content: "hello", CreatedAt: first.CreatedAt,
		Author: protocol.User{ID: c.users[0].Account.ID, Username: "ann", DisplayName: "ann"},
	}, first)
	require.Equal(t, first, next[protocol.Message](t, ann, protocol.TypeChatMessage))
	require.Equal(t, first, next[protocol.Message](t, phone, protocol.TypeChatMessage))
	require.Equal(t, []protocol.Message{first}, c.history(t, 1), "stored as broadcast")
	for _, k := range []*client.Socket{ann, phone, bob, elsewhere} {
		still(t, k)
	}
}

// Who sees a message can be sure that it is stored.
func TestMessageIsStoredBeforeItIsBroadcast(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	for range 20 {
		require.NoError(t, ann.Send(within(t), protocol.TypeChatMessage, text("x")))
		seen := await[protocol.Message](t, bob, protocol.TypeChatMessage)
		all := c.history(t, 1)
		require.Equal(t, seen, all[len(all)-1])
	}
}

func TestWithoutIDThereIsNoAck(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	ann := c.joined(t, 0)
	require.NoError(t, ann.Send(within(t), protocol.TypeChatMessage, text("no id")))
	require.Equal(t, "no id", next[protocol.Message](t, ann, protocol.TypeChatMessage).Content)
	say(t, ann, "the next answer would follow the first")
	require.EqualValues(t, 2, next[protocol.Message](t, ann, protocol.TypeChatMessage).Seq)
	still(t, ann)
	_, e := rawError(t, ann, `{"type":"chat_message","data":{"content":""}}`)
	require.Equal(t, protocol.CodeValidation, e.Code, "an error answers all the same")
}

func TestContentLimits(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	ann := c.joined(t, 0)
	for _, good := range []string{
		"x", " ", "\n", strings.Repeat("x", 4000), strings.Repeat("\U0001f600", 4000),
		"<b>&\u2028\"\\\t\u0001", "\ufeff", strings.Repeat("e\u0301", 2000),
	} {
		ref := say(t, ann, good)
		got := await[protocol.Message](t, ann, protocol.TypeChatMessage)
		require.Equal(t, good, got.Content)
		require.Equal(t, ref.Seq, got.Seq)
	}
	for _, bad := range []struct {
		data string
		code protocol.Code
	}{
		{`{"content":""}`, protocol.CodeValidation},
		{`{}`, protocol.CodeValidation},
		{`{"content":null}`, protocol.CodeValidation},
		{`{"content":5}`, protocol.CodeValidation},
		{`{"content":["x"]}`, protocol.CodeValidation},
		{`{"content":"a\u0000b"}`, protocol.CodeValidation},
		{`{"content":"x","client_msg_id":7}`, protocol.CodeValidation},
		{`{"content":"x","client_msg_id":"a\u0000"}`, protocol.CodeValidation},
		{`{"content":"x","client_msg_id":` + quoted(t, strings.Repeat("\u00e9", 65)) + `}`, protocol.CodeValidation},
		{`{"content":` + quoted(t, strings.Repeat("x", 4001)) + `}`, protocol.CodeMessageTooLong},
		{`{"content":` + quoted(t, strings.Repeat("\U0001f600", 4001)) + `}`, protocol.CodeMessageTooLong},
	} {
		f, e := rawError(t, ann, `{"type":"chat_message","id":"b","data":`+bad.data+`}`)
		require.Equal(t, bad.code, e.Code, bad.data)
		require.Equal(t, "b", f.ID)
		require.NotEmpty(t, e.Errors, "the field is named")
	}
	still(t, ann)
	require.Len(t, c.history(t, 0), 8, "nothing refused was stored")
}

func TestMessageSentByREST(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	bob := c.joined(t, 1)
	var m protocol.Message
	require.NoError(t, c.users[0].Call(within(t), http.MethodPost, c.path("messages/"), text("by REST"), &m))
	require.Equal(t, m, next[protocol.Message](t, bob, protocol.TypeChatMessage))
	require.EqualValues(t, 1, m.Seq)
	require.EqualValues(t, 2, say(t, bob, "by socket").Seq, "one line of seq for both")

	err := c.users[0].Call(within(t), http.MethodPost, c.path("messages/"), text(strings.Repeat("x", 4001)), nil)
	var p *client.Problem
	require.ErrorAs(t, err, &p)
	require.Equal(t, protocol.CodeValidation, p.Code, "message_too_long is for sockets")
}

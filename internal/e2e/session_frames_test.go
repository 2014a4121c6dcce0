package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/protocol"
)

func TestPingIsAnsweredByPong(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	for _, k := range c.bothKinds(t) {
		f := raw(t, k, `{"type":"ping","id":"p-1"}`)
		require.Equal(t, protocol.TypePong, f.Type)
		require.Equal(t, "p-1", f.ID)
		f = raw(t, k, `{"type":"ping"}`)
		require.Equal(t, protocol.TypePong, f.Type)
		require.NotContains(t, string(f.Raw), `"id":`)
		still(t, k)
	}
}

func TestFramesThatAreNotUnderstood(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	long := strings.Repeat("x", protocol.MaxFrameID+1)
	for _, k := range c.bothKinds(t) {
		for _, bad := range []struct {
			frame string
			code  protocol.Code
			id    string // that the error carries
		}{
			{`{`, protocol.CodeInvalidJSON, ""},
			{``, protocol.CodeInvalidJSON, ""},
			{`[]`, protocol.CodeInvalidJSON, ""},
			{`null`, protocol.CodeInvalidJSON, ""},
			{`{"type":"ping","id":"1"} {}`, protocol.CodeInvalidJSON, ""},
			{`{"type":"ping","id":"` + long + `"}`, protocol.CodeValidation, ""},
			{`{"type":"ping","id":7}`, protocol.CodeValidation, ""},
			{`{"type":"ping","id":{}}`, protocol.CodeValidation, ""},
			{`{"id":"1"}`, protocol.CodeValidation, "1"},
			{`{"type":5,"id":"1"}`, protocol.CodeValidation, "1"},
			{`{"type":"ping","id":"1","data":[]}`, protocol.CodeValidation, "1"},
			{`{"type":"no_such","id":"1"}`, protocol.CodeUnknownType, "1"},
			{`{"type":"no_such"}`, protocol.CodeUnknownType, ""},
			{`{"type":"welcome","id":"1"}`, protocol.CodeUnknownType, "1"},
			{`{"type":"ping","id":"1","room_id":999}`, protocol.CodeValidation, "1"},
			{`{"type":"ping","id":"1","room_id":"1"}`, protocol.CodeValidation, "1"},
			{`{"type":"ping","id":"1","room_id":-1}`, protocol.CodeValidation, "1"},
		} {
			f, e := rawError(t, k, bad.frame)
			require.Equal(t, bad.code, e.Code, bad.frame)
			require.Equal(t, bad.id, f.ID, bad.frame)
			require.False(t, e.Temporary, bad.frame)
			if bad.id == "" {
				require.NotContains(t, string(f.Raw), `"id":`, bad.frame)
			}
		}
		still(t, k) // and the socket stays
	}
}

func TestFramesOfTheOtherChannelAreUnknown(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	kinds := c.bothKinds(t)
	require.Equal(t, protocol.CodeUnknownType, refused(t, kinds[0], protocol.TypeJoinCall, nil))
	require.Equal(t, protocol.CodeUnknownType, refused(t, kinds[1], protocol.TypeChatMessage, text("x")))
}

func TestUnknownFieldsAreIgnored(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	k := c.joined(t, 0)
	f := raw(t, k, fmt.Sprintf(`{"type":"chat_message","v":2,"room_id":%d,"trace":{"a":[1]},
		"data":{"content":"hi","attachment_ids":[1,2],"mood":null}}`, c.room.ID))
	require.Equal(t, "hi", message(t, f).Content)
}

func TestIDComesBackAsItWas(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	k := c.joined(t, 0)
	for _, id := range []string{"", " ", `"\`, "\u00e9\U0001f600", strings.Repeat("x", protocol.MaxFrameID), "<&>\u2028"} {
		f := raw(t, k, `{"type":"ping","id":`+quoted(t, id)+`}`)
		require.Equal(t, protocol.TypePong, f.Type, "id %q: %s", id, f.Raw)
		require.Equal(t, id, f.ID)
	}
}

func TestBinaryCloses1003(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	conn := c.bare(t, 0)
	require.NoError(t, conn.Write(within(t), websocket.MessageBinary, []byte(`{"type":"ping"}`)))
	require.EqualValues(t, protocol.CloseUnsupportedData, bareCode(t, conn))
}

func TestFrameOverTheLimitCloses1009(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, func(cfg *configs.Config) { cfg.Limits.FrameBytes = 4096 }), "ann")
	k := c.joined(t, 0)
	fit := `{"type":"ping","id":"fits","data":{"x":"`
	fit += strings.Repeat("x", 4096-len(fit)-3) + `"}}`
	require.Len(t, fit, 4096)
	require.Equal(t, protocol.TypePong, raw(t, k, fit).Type)
	require.NoError(t, k.SendRaw(within(t), []byte(fit+" ")))
	require.Equal(t, protocol.CloseTooBig, closeCode(t, k))
}

// Every id is answered once, whatever becomes of the frame.
func TestEveryIDHasOneAnswer(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	k := c.joined(t, 0)
	ref := say(t, k, "to be changed")
	await[protocol.Message](t, k, protocol.TypeChatMessage)
	kinds := []string{
		`"ping"`, `"typing"`, `"typing","data":{"note":5}`, `"mark_room_as_read"`,
		`"chat_message","data":{"content":"x"}`, `"chat_message","data":{"content":"x","client_msg_id":"same"}`,
		`"chat_message","data":{"content":""}`, `"chat_message"`, `"nonsense"`, `"join_call"`,
		fmt.Sprintf(`"message_read","data":{"message_id":%d}`, ref.ID), `"message_read","data":{"message_id":1e9}`,
		`"message_read","data":{"message_id":99999}`, `"message_edit","data":{"message_id":99999,"content":"x"}`,
		fmt.Sprintf(`"message_edit","data":{"message_id":%d,"content":"y"}`, ref.ID), `"message_edit"`,
		`"message_delete"`, `"message_delete","data":{"message_id":99999}`, `"ping","room_id":77777`,
	}
	const rounds = 10
	for i := range rounds * len(kinds) {
		frame := fmt.Sprintf(`{"id":"%d","type":%s}`, i, kinds[i%len(kinds)])
		require.NoError(t, k.SendRaw(within(t), []byte(frame)))
	}
	answers := map[string]int{}
	for len(answers) < rounds*len(kinds) {
		f, err := k.Next(within(t))
		require.NoError(t, err, "%d answers so far", len(answers))
		if f.ID != "" {
			answers[f.ID]++
			require.Equal(t, 1, answers[f.ID], "answers to %s: %s", f.ID, f.Raw)
		}
	}
	for _, f := range drained(t, k) {
		require.Empty(t, f.ID, "a second answer: %s", f.Raw)
	}
}

package protocol_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func messageData() []string {
	return []string{
		`{}`, ` { } `, `{"content":"hi","client_msg_id":"m-1"}`, `{ "content" : "hi" , "client_msg_id" : "m-1" } `,
		`{"content":""}`, `{"content":null}`, `{"content":"a","content":null}`, `{"content":"a","content":"b"}`,
		`{"client_msg_id":"a","client_msg_id":null}`, `{"content":5}`, `{"client_msg_id":[]}`, `{"content":"a","note":7}`,
		`{"Content":"a"}`, `{"content":"a","CONTENT":"b"}`, `{"cont\u0065nt":"a"}`, `{"CLIENT_MSG_ID":"x"}`, `{"client_m\u017fg_id":"x"}`,
		`{"client_mſg_id":"x"}`, `{"contents":"x","conten":"y","":"z","attachment_ids":[1,{"content":"no"}]}`,
		`{"content":"\" \\ \/ \b \f \n \r \t \u0041 \u00e9 \u20ac é € 🎥"}`,
		`{"content":"\ud83c\udfa5 \uD83C\uDFA5 \ud83c \udfa5 \ud83cx \ud83c\n \ud83c\u0041 \udfa5\ud83c"}`,
		`{"content":"\ud83c"}`, `{"content":"\ud83c\ud83c\udfa5"}`, `{"content":"\\u0041\\\u0041"}`,
		`{"content":"` + strings.Repeat(`é\n`, 400) + `"}`, `{"content":"\u0000"}`,
		`{"note":"…"}`, `{"note":""}`, `{"note":null}`, `{"NOTE":"x"}`, `{"note":1}`, `{"n\u006fte":"x"}`, `{"note":"\u2028"}`,
		"", "[]", "{", `{"content":}`, `{} {}`, `null`, `5`, `{"note":"x"}}`, `{"note":"x",}`, `{"note"}`, `{note:1}`,
	}
}

// TestQuickDecodingIsDecodeData compares the quick ways with encoding/json's.
func TestQuickDecodingIsDecodeData(t *testing.T) {
	for _, data := range messageData() {
		requireAsDecodeData(t, []byte(data))
	}
}

func requireAsDecodeData(t *testing.T, data []byte) {
	t.Helper()
	var message, wantMessage protocol.SendMessage
	err, want := message.Decode(data), protocol.DecodeData(data, &wantMessage)
	require.Equal(t, want, err, "message %q", data)
	require.Equal(t, wantMessage, message, "message %q", data)
	var typing, wantTyping protocol.SendTyping
	err, want = typing.Decode(data), protocol.DecodeData(data, &wantTyping)
	require.Equal(t, want, err, "typing %q", data)
	require.Equal(t, wantTyping, typing, "typing %q", data)
}

func FuzzDecodeMessage(f *testing.F) {
	for _, data := range messageData() {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !utf8.Valid(data) {
			return // of no text message
		}
		requireAsDecodeData(t, data)
	})
}

func TestDecodedMessageOutlivesItsFrame(t *testing.T) {
	frame := []byte(`{"content":"abc","client_msg_id":"def"}`)
	var m protocol.SendMessage
	require.NoError(t, m.Decode(frame))
	clear(frame)
	require.Equal(t, "abc", *m.Content)
	require.Equal(t, "def", m.ClientMsgID)
}

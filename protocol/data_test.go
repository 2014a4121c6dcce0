package protocol_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestDecodeDataIgnoresWhatItDoesNotKnow(t *testing.T) {
	var in protocol.SendMessage
	require.NoError(t, protocol.DecodeData([]byte(`{"content":"hi","attachment_ids":[1],"deep":[{"x":1e400}]}`), &in))
	require.Equal(t, "hi", *in.Content)
}

func TestDecodeDataTellsAbsentFromEmpty(t *testing.T) {
	for data, want := range map[string]*string{
		`{}`: nil, `{"content":null}`: nil, `{"content":""}`: new(""), `{"content":"a","content":"b"}`: new("b"),
	} {
		var in protocol.SendMessage
		require.NoError(t, protocol.DecodeData([]byte(data), &in))
		require.Equal(t, want, in.Content, data)
	}
}

// TestDecodeDataMatchesNamesWithoutCase pins what encoding/json does with the
// names of known fields: a member that differs in case alone counts as the
// field, and as with any duplicate the last one holds. Envelopes and relayed
// data, which decide who gets what, are exact.
func TestDecodeDataMatchesNamesWithoutCase(t *testing.T) {
	for data, want := range map[string]string{
		`{"Content":"a"}`: "a", `{"content":"a","CONTENT":"b"}`: "b", `{"CONTENT":"b","content":"a"}`: "a",
	} {
		var in protocol.SendMessage
		require.NoError(t, protocol.DecodeData([]byte(data), &in))
		require.Equal(t, want, *in.Content, data)
	}
}

func TestDecodeDataNamesTheField(t *testing.T) {
	many := strings.Repeat("9", 1000)
	for _, c := range []struct {
		data           string
		into           any
		field, message string
	}{
		{`{"content":5}`, &protocol.SendMessage{}, "content", "must be a string, not number"},
		{`{"content":["x"]}`, &protocol.SendMessage{}, "content", "must be a string, not array"},
		{`{"client_msg_id":{}}`, &protocol.SendMessage{}, "client_msg_id", "must be a string, not object"},
		{`{"message_id":"5"}`, &protocol.SendRead{}, "message_id", "must be an integer, not string"},
		{`{"message_id":1.5}`, &protocol.SendRead{}, "message_id", "must be an integer, not number 1.5"},
		{`{"message_id":1e400}`, &protocol.SendRead{}, "message_id", "must be an integer, not number 1e400"},
		{`{"message_id":` + many + `}`, &protocol.SendRead{}, "message_id", "must be an integer, not number"},
		{`{"message_id":true}`, &protocol.SendRead{}, "message_id", "must be an integer, not bool"},
		{`{"target_user_id":"5"}`, &protocol.SendInvite{}, "target_user_id", "must be an integer, not string"},
		{`{"ms":"fast"}`, &protocol.PeerState{}, "ms", "must be a number, not string"},
		{`{"ms":1e400}`, &protocol.PeerState{}, "ms", "must be a number, not number 1e400"},
		{`[]`, &protocol.SendRead{}, "data", "must be an object, not array"},
		{`"x"`, &protocol.SendRead{}, "data", "must be an object, not string"},
	} {
		t.Run(c.data[:min(len(c.data), 40)], func(t *testing.T) {
			fields := requireCode(t, protocol.CodeValidation, protocol.DecodeData([]byte(c.data), c.into))
			require.Equal(t, []protocol.FieldError{{Field: c.field, Message: c.message}}, fields)
		})
	}
}

func TestDecodeDataRefusesWhatIsNotJSON(t *testing.T) {
	for _, data := range []string{"", "{", `{"content":}`, `{} {}`} {
		requireCode(t, protocol.CodeInvalidJSON, protocol.DecodeData([]byte(data), &protocol.SendMessage{}))
	}
}

package protocol_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// requireAsJSON compares what a payload writes with what encoding/json makes
// of it.
func requireAsJSON(t *testing.T, p protocol.Payload) {
	t.Helper()
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(p))
	got := p.AppendJSON([]byte("before"))
	require.Equal(t, "before"+strings.TrimSuffix(want.String(), "\n"), string(got), "%T", p)
}

// written are the payloads that write themselves, with these in their members.
func written(text string, number int64, at time.Time) []protocol.Payload {
	user := protocol.User{ID: number, Username: text, DisplayName: text + "x"}
	when := protocol.Time{Time: at}
	return []protocol.Payload{
		protocol.Empty{},
		protocol.Delivery{Delivery: protocol.DeliveryState(text)},
		protocol.MessageRef{ID: number, Seq: -number},
		protocol.MessageRead{UserID: number, MessageID: number + 1, Seq: number - 1},
		protocol.Typing{User: user, Note: text},
		protocol.Message{ID: number, Seq: number, RoomID: number, Author: user, Content: text, ClientMsgID: text, CreatedAt: when},
		protocol.Message{Author: user, Content: text, CreatedAt: when, EditedAt: &when, DeletedAt: &when},
		protocol.PresenceState{},
		protocol.PresenceState{Users: []protocol.User{}, Count: int(number)},
		protocol.PresenceState{Users: []protocol.User{user, user, {}}, Count: int(number)},
		protocol.PresenceChange{User: user},
	}
}

func TestPayloadsWriteWhatJSONWould(t *testing.T) {
	for _, f := range serverFrames() {
		requireAsJSON(t, f.data)
	}
	for r := range rune(0x3000) {
		for _, text := range []string{string(r), "1234567" + string(r) + "12345678", strings.Repeat(string(r), 9)} {
			requireAsJSON(t, protocol.Typing{Note: text})
		}
	}
	for c := range 256 { // invalid UTF-8, alone and within
		for _, text := range []string{string([]byte{byte(c)}), "12345678" + string([]byte{byte(c)}), "é" + string([]byte{byte(c), 0x80}) + "\n"} {
			requireAsJSON(t, protocol.Typing{Note: text})
		}
	}
}

func FuzzPayloads(f *testing.F) {
	f.Add("plain", int64(1), int64(0), int64(0))
	f.Add("<b>\"\\\b\f\n\r\t\x00\x1f\x7f\u2028\u2029\ufffd\xff é🎥", int64(-1)<<63, int64(1<<33), int64(999_999_999))
	f.Fuzz(func(t *testing.T, text string, number, seconds, nanos int64) {
		at := time.Unix(seconds%(1<<37), nanos%1e9).UTC()
		for _, p := range written(text, number, at) {
			requireAsJSON(t, p)
		}
	})
}

package protocol_test

import (
	"encoding/json"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// maxNesting is how deep a frame's containers may go.
const maxNesting = 256

// FuzzScan holds the scanner against encoding/json: both must accept the same
// texts, but for those that are nested too deep.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`null`, `-0.5e+10`, `"\u00e9\n"`, `[1,2,{"a":[]}]`, `1e400`, ` { } `, `01`, `"\ud800"`, "\"12345678\x1f\"", `1}}`, `"a\\"`, `tru`, `[1,]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		frame := slices.Concat([]byte(`{"type":"signal","v":`), value, []byte(`}`))
		_, err := protocol.Decode(frame)
		refused := err != nil && protocol.AsError(err).Code == protocol.CodeInvalidJSON
		valid := json.Valid(frame)
		if valid && nesting(frame) > maxNesting {
			require.True(t, refused, "nested too deep: %q", frame)
			return
		}
		require.Equal(t, !valid, refused, "json.Valid is %t, Decode says %v: %q", valid, err, frame)
	})
}

func FuzzDecode(f *testing.F) {
	for _, typ := range protocol.ClientTypes() {
		f.Add(golden(f, "client_"+string(typ)))
	}
	f.Add([]byte(`{"ty\u0070e":"x","type":"y","id":"\u0031","room_id":5,"data":{},"data":null}`))
	f.Add([]byte(`{"id":5,"room_id":0,"type":null}`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		e, err := protocol.Decode(frame)
		if e.ID != nil {
			var id string
			require.NoError(t, json.Unmarshal(e.ID, &id))
			require.True(t, json.Valid(protocol.AppendReply(nil, protocol.TypeAck, e.ID, e.RoomID, protocol.Empty{})))
		}
		if err != nil {
			code := protocol.AsError(err).Code
			require.Contains(t, []protocol.Code{protocol.CodeInvalidJSON, protocol.CodeValidation}, code)
			return
		}
		require.True(t, json.Valid(frame))
		if !utf8.Valid(frame) {
			return // not Decode's to refuse, and encoding/json would replace it
		}
		all := membersOf(t, frame)
		var typ protocol.Type
		require.NoError(t, json.Unmarshal([]byte(last(all, "type")), &typ))
		require.Equal(t, typ, e.Type)
		if want := last(all, "id"); want != "null" {
			require.Equal(t, want, string(e.ID))
		}
		want := last(all, "data")
		if want == "" || want == "null" {
			want = "{}"
		}
		require.Equal(t, want, string(e.Data))
		require.True(t, 0 <= e.RoomID && e.RoomID < protocol.MaxID, "room_id %d", e.RoomID)
	})
}

// FuzzRelay checks that what Decode accepts is relayed as valid JSON, with the
// server's from_… members first and every other member's bytes kept.
func FuzzRelay(f *testing.F) {
	for _, typ := range relayedTypes() {
		e, err := protocol.Decode(golden(f, "client_"+string(typ)))
		require.NoError(f, err)
		f.Add(e.Data)
	}
	f.Add([]byte(`{"\u0066rom_user_id":1,"from_":[],"a":1e400,"a":"\ud800", "target_user_id" : 5 }`))
	f.Add([]byte("{ \"w\" : [ 1 ,\t2,\r\n3 ] }"))
	from := protocol.NewSender(ann(), "p-1")
	sent := []member{
		{"from_user_id", `"from_user_id"`, "7"},
		{"from_username", `"from_username"`, `"ann"`},
		{"from_peer_id", `"from_peer_id"`, `"p-1"`},
		{"from_epoch", `"from_epoch"`, "12"},
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := protocol.Decode(slices.Concat([]byte(`{"type":"signal","data":`), data, []byte(`}`)))
		if err != nil {
			return
		}
		got := protocol.AppendRelay(nil, 3, from, 12, &e)
		require.True(t, json.Valid(got), "%q", got)
		if !utf8.Valid(data) {
			return // not Decode's to refuse, and encoding/json would replace it
		}
		outer := membersOf(t, got)
		require.Len(t, outer, 3)
		in := membersOf(t, e.Data)
		require.Equal(t, slices.Concat(sent, kept(in)), membersOf(t, []byte(outer[2].value)))

		target, err := e.Target()
		if err != nil {
			requireCode(t, protocol.CodeValidation, err)
			return
		}
		user, peer := last(in, "target_user_id"), last(in, "target_peer_id")
		require.Equal(t, user == "" || user == "null", target.UserID == 0, "target_user_id %s", user)
		if peer != "" && peer != "null" {
			require.NoError(t, json.Unmarshal([]byte(peer), &peer))
			require.Equal(t, peer, string(target.PeerID))
		}
	})
}

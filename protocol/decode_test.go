package protocol_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestDecode(t *testing.T) {
	id64 := strings.Repeat("x", 64)
	for _, c := range []struct {
		frame string
		typ   protocol.Type
		id    string
		room  int64
		data  string
	}{
		{frame: `{"type":"ping"}`, typ: "ping", data: `{}`},
		{frame: `{"type":"ping","id":null,"room_id":null,"data":null}`, typ: "ping", data: `{}`},
		{`{"type":"typing","id":"a","room_id":3,"data":{"note":"x"}}`, "typing", `"a"`, 3, `{"note":"x"}`},
		{`{"data":{ "note" : 1 },"room_id":3,"id":"a","type":"typing"}`, "typing", `"a"`, 3, `{ "note" : 1 }`},
		{" \t\r\n{ \"type\" :\n\"ping\" , \"id\"\t: \"1\"\r\n} \n", "ping", `"1"`, 0, `{}`},
		{frame: `{"type":"not_yet_known"}`, typ: "not_yet_known", data: `{}`},
		{frame: `{"type":""}`, data: `{}`},
		{frame: `{"ty\u0070e":"p\u0069ng","i\u0064":"\u0031","room\u005fid":5}`, typ: "ping", id: `"\u0031"`, room: 5, data: `{}`},
		{frame: `{"type":"a","type":"b","id":"1","id":"2","room_id":1,"room_id":2,"data":{"x":1},"data":{"x":2}}`, typ: "b", id: `"2"`, room: 2, data: `{"x":2}`},
		{frame: `{"id":5,"id":"2","room_id":"x","room_id":2,"type":null,"type":"b"}`, typ: "b", id: `"2"`, room: 2, data: `{}`},
		{frame: `{"type":"ping","Type":5,"TYPE":"x","ID":7,"Room_id":-1,"DATA":[]}`, typ: "ping", data: `{}`},
		{frame: `{"type":"ping","v":[1,{"type":"x"},"}"],"later":1e400}`, typ: "ping", data: `{}`},
		{frame: `{"type":"ping","id":""}`, typ: "ping", id: `""`, data: `{}`},
		{frame: `{"type":"ping","id":"` + id64 + `"}`, typ: "ping", id: `"` + id64 + `"`, data: `{}`},
		{frame: `{"type":"ping","id":"` + strings.Repeat(`\u0078`, 64) + `"}`, typ: "ping", id: `"` + strings.Repeat(`\u0078`, 64) + `"`, data: `{}`},
		{frame: `{"type":"ping","id":"\ud83c\udfa5 \" \\ \n"}`, typ: "ping", id: `"\ud83c\udfa5 \" \\ \n"`, data: `{}`},
		{frame: `{"type":"ping","room_id":1}`, typ: "ping", room: 1, data: `{}`},
		{frame: `{"type":"ping","room_id":9007199254740991}`, typ: "ping", room: 1<<53 - 1, data: `{}`},
		{frame: `{"type":"signal","data":{"n":[1e400,-0,-0.0e-0,1E+99,123456789012345678901234567890]}}`, typ: "signal", data: `{"n":[1e400,-0,-0.0e-0,1E+99,123456789012345678901234567890]}`},
		{frame: `{"type":"signal","data":{"":"","":[],"\u0000":{}}}`, typ: "signal", data: `{"":"","":[],"\u0000":{}}`},
	} {
		t.Run(c.frame[:min(len(c.frame), 80)], func(t *testing.T) {
			e, err := protocol.Decode([]byte(c.frame))
			require.NoError(t, err)
			require.Equal(t, c.typ, e.Type)
			require.Equal(t, c.id, string(e.ID))
			require.Equal(t, c.id == "", e.ID == nil, "only a frame without id has a nil ID")
			require.Equal(t, c.room, e.RoomID)
			require.Equal(t, c.data, string(e.Data))
		})
	}
}

func TestDecodeRefusesWhatIsNotJSON(t *testing.T) {
	for _, frame := range []string{
		"", " ", "null", "true", "1", `"type"`, "[]", `[{"type":"ping"}]`, "{", "}", "{}}", `{"type"`, `{"type":`, `{"type":"ping"`,
		`{"type":"ping",}`, `{,"type":"ping"}`, `{"type":"ping",,"id":"1"}`, `{"type" "ping"}`, `{"type":"ping" "id":"1"}`,
		`{type:"ping"}`, `{'type':'ping'}`, `{"type":"ping"}x`, `{"type":"ping"}{}`, `{"type":"ping"} null`, `{"type":"ping"}` + "\x00",
		`{1:2}`, `{null:1}`, `{xtype":"ping"}`, `{"a":1,xtype":"ping"}`, `{"type":ping}`, `{"type":nul}`, `{"type":nulll}`, `{"type":True}`, `{"type":NaN}`, `{"type":Infinity}`,
		`{"n":01}`, `{"n":-}`, `{"n":+1}`, `{"n":.5}`, `{"n":1.}`, `{"n":1.e5}`, `{"n":1e}`, `{"n":1e+}`, `{"n":0x10}`, `{"n":1_000}`, `{"n":--1}`, `{"n":00}`,
		`{"s":"\x"}`, `{"s":"\u12g4"}`, `{"s":"\u12"}`, `{"s":"\u`, `{"s":"\`, `{"s":"open}`, `{"s":"\U0041"}`, "{\"s\":\"\n\"}", "{\"s\":\"\x00\"}", "{\"s\":\"12345678\x1f2345678\"}",
		`{"a":[1,]}`, `{"a":[,1]}`, `{"a":[1 2]}`, `{"a":[1}`, `{"a":{]}`, `{"a":[[]}`, `{"a":}`, `{"a":1,"b"}`,
		"\xef\xbb\xbf" + `{"type":"ping"}`, "{\"type\":\"ping\"}\u00a0", "{\v\"type\":\"ping\"}", "/**/" + `{"type":"ping"}`,
	} {
		t.Run(frame, func(t *testing.T) {
			e, err := protocol.Decode([]byte(frame))
			requireCode(t, protocol.CodeInvalidJSON, err)
			require.Nil(t, e.ID, "what is not JSON has no id")
		})
	}
}

// TestDecodeRefusesWhatIsCutOff cuts frames off behind every byte, and leaves
// every byte out.
func TestDecodeRefusesWhatIsCutOff(t *testing.T) {
	for _, typ := range protocol.ClientTypes() {
		frame := golden(t, "client_"+string(typ))
		for i := range frame {
			_, err := protocol.Decode(frame[:i:i])
			requireCode(t, protocol.CodeInvalidJSON, err)
			without := slices.Concat(frame[:i], frame[i+1:])
			_, err = protocol.Decode(without)
			refused := err != nil && protocol.AsError(err).Code == protocol.CodeInvalidJSON
			require.Equal(t, !json.Valid(without), refused, "%s", without)
		}
	}
}

func TestDecodeRefusesWrongMembers(t *testing.T) {
	long := strings.Repeat("x", 65)
	for _, c := range []struct{ frame, field, id string }{
		{`{}`, "type", ""},
		{`{"id":"1"}`, "type", `"1"`},
		{`{"id":"1","type":null}`, "type", `"1"`},
		{`{"id":"1","type":5}`, "type", `"1"`},
		{`{"id":"1","type":["ping"]}`, "type", `"1"`},
		{`{"id":"1","type":{}}`, "type", `"1"`},
		{`{"id":"1","type":false}`, "type", `"1"`},
		{`{"type":"ping","id":5}`, "id", ""},
		{`{"type":"ping","id":true}`, "id", ""},
		{`{"type":"ping","id":["1"]}`, "id", ""},
		{`{"type":"ping","id":{}}`, "id", ""},
		{`{"type":"ping","id":"` + long + `"}`, "id", ""},
		{`{"type":"ping","id":"` + strings.Repeat("é", 65) + `"}`, "id", ""},
		{`{"type":"ping","id":"1","room_id":0}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":-0}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":-7}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":1.5}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":1.0}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":1e3}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":1e400}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":9007199254740992}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":99999999999999999999999999}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":"7"}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":true}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","room_id":[7]}`, "room_id", `"1"`},
		{`{"type":"ping","id":"1","data":[]}`, "data", `"1"`},
		{`{"type":"ping","id":"1","data":""}`, "data", `"1"`},
		{`{"type":"ping","id":"1","data":0}`, "data", `"1"`},
		{`{"type":"ping","id":"1","data":false}`, "data", `"1"`},
	} {
		t.Run(c.frame, func(t *testing.T) {
			e, err := protocol.Decode([]byte(c.frame))
			require.Equal(t, c.field, requireCode(t, protocol.CodeValidation, err)[0].Field)
			require.Equal(t, c.id, string(e.ID), "the id that the answer may carry")
		})
	}
}

func TestDecodeBoundsNesting(t *testing.T) {
	const deepest = 256 // the frame and its data are the first two
	nested := func(depth int, open, closing string) []byte {
		inner := depth - 2
		return fmt.Appendf(nil, `{"type":"signal","data":{"v":%s0%s}}`, strings.Repeat(open, inner), strings.Repeat(closing, inner))
	}
	for open, closing := range map[string]string{`[`: `]`, `{"v":`: `}`} {
		_, err := protocol.Decode(nested(deepest, open, closing))
		require.NoError(t, err, open)
		_, err = protocol.Decode(nested(deepest+1, open, closing))
		requireCode(t, protocol.CodeInvalidJSON, err)
	}
	_, err := protocol.Decode([]byte(strings.Repeat("[", 1<<20)))
	requireCode(t, protocol.CodeInvalidJSON, err)
	_, err = protocol.Decode([]byte(`{"v":` + strings.Repeat("[", 1<<20)))
	requireCode(t, protocol.CodeInvalidJSON, err)
}

func TestIDCloneOutlivesItsFrame(t *testing.T) {
	frame := []byte(`{"type":"ping","id":"abc"}`)
	e, err := protocol.Decode(frame)
	require.NoError(t, err)
	kept := e.ID.Clone()
	clear(frame)
	require.Equal(t, `"abc"`, string(kept))
	require.Nil(t, protocol.ID(nil).Clone())
}

func TestCharacters(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "e\u0301": 2, "🎥": 1, "日本": 2} {
		require.Equal(t, want, protocol.Characters(s), s)
	}
}

// requireCode requires a client's error with this code.
func requireCode(t *testing.T, code protocol.Code, err error) []protocol.FieldError {
	t.Helper()
	var e *protocol.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.Code, e.Message)
	return e.Fields
}

package protocol_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

const fromAnn = `"from_user_id":7,"from_username":"ann","from_peer_id":"p-1"`

// signal is a client's signal with this data.
func signal(t *testing.T, data string) *protocol.Envelope {
	t.Helper()
	e, err := protocol.Decode([]byte(`{"type":"signal","data":` + data + `}`))
	require.NoError(t, err, data)
	return &e
}

// relayed sends data on as ann's signal in room 3 and returns what a peer gets
// as data, after the from_… members.
func relayed(t *testing.T, data string) string {
	t.Helper()
	got := string(protocol.AppendRelay(nil, 3, protocol.NewSender(ann(), "p-1"), 0, signal(t, data)))
	head, end := `{"type":"signal","room_id":3,"data":{`+fromAnn, "}}"
	require.True(t, strings.HasPrefix(got, head), got)
	require.True(t, strings.HasSuffix(got, end), got)
	require.True(t, json.Valid([]byte(got)), got)
	return got[len(head) : len(got)-len(end)]
}

func TestRelayKeepsBytes(t *testing.T) {
	deep := `"d":` + strings.Repeat(`[{"x":`, 120) + `0` + strings.Repeat(`}]`, 120)
	for _, members := range []string{
		`"sdp":"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"`,
		`"s":"\u0041\/\b\f\n\r\t\"\\\ud83c\udfa5\ud800 é 🎥 <&> \u2028"`,
		"\"s\":\"\u2028\u2029\u00a0\x7f\"",
		`"n":1e400,"m":-0,"o":1.0,"p":1.00e-0,"q":123456789012345678901234567890`,
		`"a":1,"a":2,"a":1`,
		`"a":{"k":1,"k":2},"a":{"k":1}`,
		"\"w\":[ 1 ,\t2,\r\n3 ],\"v\":{ \"k\" :\n 1 }",
		`"":"","\u0000":null,"k":true,"l":false`,
		`"\u006b\u0065y":"escaped name","key":"plain"`,
		`"inner":{"from_user_id":1,"target_user_id":2,"target_peer_id":"x"}`,
		`"s":"\"from_user_id\":1,","t":"}}{\"type\":\"x\"}"`,
		deep,
	} {
		require.Equal(t, ","+members, relayed(t, "{"+members+"}"))
	}
}

func TestRelayMayDropSpaceBetweenMembers(t *testing.T) {
	require.Equal(t, `,"a":1,"b":[ 2 ]`, relayed(t, " {\t\"a\" :\n1 ,\r\n \"b\" : [ 2 ] } "))
	require.Empty(t, relayed(t, " { } "))
}

// TestRelayWithMembersBetween has what is passed on before, between and behind
// what is not, with and without white space.
func TestRelayWithMembersBetween(t *testing.T) {
	const target, from = `"target_user_id":42`, `"from_x":{"a":[1]}`
	for data, want := range map[string]string{
		target + `,"a":1`:                                 `,"a":1`,
		`"a":1,` + target:                                 `,"a":1`,
		target + `,` + from + `,"a":1,"b":2`:              `,"a":1,"b":2`,
		`"a":1,"b":2,` + target + `,` + from:              `,"a":1,"b":2`,
		`"a":1,` + target + `,` + from + `,"b":2`:         `,"a":1,"b":2`,
		target + `,"a":1,` + from:                         `,"a":1`,
		`"a":1,` + target + `,"b":2,` + from + `,"c":3`:   `,"a":1,"b":2,"c":3`,
		target + `,"a":1,` + from + `,"b":2,` + target:    `,"a":1,"b":2`,
		`"to":1,"f":2,"\u0061":3`:                         `,"to":1,"f":2,"\u0061":3`,
		"\n" + target + " , \"a\" : [ 1 ] ,\t\"b\":2\r\n": `,"a":[ 1 ],"b":2`,
		target + `,"a":1 ` + `,"b":2`:                     `,"a":1,"b":2`,
		target + `,"a":1, ` + `"b":2`:                     `,"a":1,"b":2`,
		target + ` ,"a":1`:                                `,"a":1`,
		`"a":1 ,` + target:                                `,"a":1`,
		`"a": 1,` + target:                                `,"a":1`,
		`"a" :1,` + target:                                `,"a":1`,
	} {
		require.Equal(t, want, relayed(t, "{"+data+"}"), data)
	}
}

func TestRelayStripsReservedMembers(t *testing.T) {
	for _, reserved := range []string{
		`"target_user_id":42`, `"target_peer_id":"p-2"`, `"target_":null`, `"target_anything":{"a":[1]}`,
		`"from_user_id":1`, `"from_username":"root"`, `"from_peer_id":"p-9"`, `"from_":0`, `"from_\ud800":0`,
		`"\u0066rom_user_id":1`, `"from\u005fuser_id":1`, `"from\u005Fuser_id":1`, `"\u0066\u0072\u006f\u006d\u005f\u0075":1`,
		`"\u0074arget_user_id":1`, `"target\u005fpeer_id":"x"`, `"from_user_id" : 1`, `"from_user_id":1,"from_user_id":2`,
		`"from_epoch":9`, `"from\u005fepoch":"x"`,
	} {
		require.Empty(t, relayed(t, "{"+reserved+"}"), reserved)
		require.Equal(t, `,"a":1,"b":2`, relayed(t, `{"a":1,`+reserved+`,"b":2}`), reserved)
		require.Equal(t, `,"a":1`, relayed(t, `{`+reserved+`,"a":1,`+reserved+`}`), reserved)
	}
}

// TestRelayKeepsOtherNames has names that only look reserved: JSON's names are
// compared byte by byte.
func TestRelayKeepsOtherNames(t *testing.T) {
	for _, name := range []string{
		"From_user_id", "FROM_USER_ID", "Target_user_id", "from", "from-user-id", "fromUserId", "target", "targetUserId",
		" from_user_id", "xfrom_user_id", "from\u200b_user_id", "ſrom_user_id", "ｆrom_user_id", `\\u0066rom_user_id`, `\u0000from_user_id`,
	} {
		member := `,"` + name + `":1`
		require.Equal(t, member, relayed(t, "{"+member[1:]+"}"))
	}
}

func TestRelayNamesItsSender(t *testing.T) {
	odd := protocol.User{ID: 1<<53 - 1, Username: "\"},\"x\":{\"\\\n<é🎥\x00"}
	from := protocol.NewSender(odd, `p"\`)
	got := protocol.AppendRelay(nil, 0, from, 0, signal(t, `{"from_user_id":1,"sdp":"x"}`))
	var frame struct {
		Type   string
		RoomID *int64 `json:"room_id"`
		Data   struct {
			UserID   int64  `json:"from_user_id"`
			Username string `json:"from_username"`
			PeerID   string `json:"from_peer_id"`
			SDP      string `json:"sdp"`
		}
	}
	require.NoError(t, json.Unmarshal(got, &frame), "%s", got)
	require.Equal(t, "signal", frame.Type)
	require.Nil(t, frame.RoomID)
	require.Equal(t, odd.ID, frame.Data.UserID)
	require.Equal(t, odd.Username, frame.Data.Username)
	require.Equal(t, `p"\`, frame.Data.PeerID)
	require.Equal(t, "x", frame.Data.SDP)
}

func TestRelayStampsTheEpoch(t *testing.T) {
	e := signal(t, `{"from_epoch":99,"sdp":"x"}`)
	from := protocol.NewSender(ann(), "p-1")
	for epoch, stamp := range map[int64]string{0: "", 1: `,"from_epoch":1`, protocol.MaxID - 1: `,"from_epoch":9007199254740991`} {
		want := `{"type":"signal","room_id":3,"data":{` + fromAnn + stamp + `,"sdp":"x"}}`
		require.Equal(t, want, string(protocol.AppendRelay(nil, 3, from, epoch, e)))
	}
}

func TestRelayAppends(t *testing.T) {
	before := []byte("before")
	got := protocol.AppendRelay(before, 3, protocol.NewSender(ann(), "p-1"), 0, signal(t, `{}`))
	require.Equal(t, `before{"type":"signal","room_id":3,"data":{`+fromAnn+`}}`, string(got))
}

// TestSenderServesManyFrames guards against a Sender that its frames write to.
func TestSenderServesManyFrames(t *testing.T) {
	from := protocol.NewSender(ann(), "p-1")
	first := protocol.AppendRelay(nil, 3, from, 0, signal(t, `{"n":1}`))
	second := protocol.AppendRelay(nil, 3, from, 0, signal(t, `{"n":2}`))
	require.Equal(t, strings.Replace(string(first), `"n":1`, `"n":2`, 1), string(second))
}

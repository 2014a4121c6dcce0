package e2e

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// member is one member of a frame's data, as it is spelled.
type member struct{ key, value string }

func (m member) String() string { return m.key + ":" + m.value }

// odd is JSON that is valid and that a decoder would not give back as it was.
func odd() map[string][]member {
	return map[string][]member{
		"escapes":         {{`"sdp"`, `"v=0\r\n\u006f=- \/ \b\f\t\"\\ \u00e9\uD83D\uDE00"`}, {`"k\u0065y"`, `1`}},
		"lone surrogates": {{`"\uDC00"`, `"\uD800"`}},
		"characters":      {{`"名"`, `"é 😀 ` + "\u2028\u2029\x7f" + ` <&>"`}},
		"duplicate keys":  {{`"a"`, `1`}, {`"a"`, `2`}, {`"\u0061"`, `3`}, {`"a"`, `{"b":1,"b":2}`}},
		"numbers": {
			{`"huge"`, `1e400`},
			{`"tiny"`, `1E-999`},
			{`"zero"`, `-0.0e+0`},
			{`"long"`, `123456789012345678901234567890.12345678901234567890`},
			{`"exact"`, `9007199254740993`},
		},
		"literals":         {{`"t"`, `true`}, {`"f"`, `false`}, {`"n"`, `null`}, {`""`, `""`}, {`" "`, `[]`}, {`"o"`, `{}`}},
		"white space":      {{`"a"`, "{ \"b\" :\t[ 1 ,\r\n2 ]\n}"}, {`"c"`, "[ ]"}, {`"d"`, "{\n}"}},
		"nesting":          {{`"deep"`, strings.Repeat(`[{"a":`, 100) + `1` + strings.Repeat(`}]`, 100)}},
		"inner identity":   {{`"candidate"`, `{"from_user_id":1,"target_user_id":2}`}, {`"l"`, `[{"from_peer_id":"x"}]`}},
		"much the same":    {{`"From_user_id"`, `1`}, {`"target"`, `2`}, {`"xfrom_user_id"`, `3`}, {`"from"`, `4`}, {`"fro\u004d_user_id"`, `5`}},
		"nothing":          {},
		"60 KB":            {{`"sdp"`, `"` + strings.Repeat(`\r\n`, 15_000) + `"`}},
		"60 KB of members": many(3000),
	}
}

func many(n int) []member {
	list := make([]member, n)
	for i := range list {
		list[i] = member{fmt.Sprintf(`"member%04d"`, i), `"12345"`}
	}
	return list
}

// dropped are members that only the server may set, or that were for it.
func dropped() []member {
	return []member{
		{`"from_user_id"`, `1`},
		{`"from_username"`, `"the boss"`},
		{`"from_peer_id"`, `{"a":[1,{}]}`},
		{`"from_anything"`, `null`},
		{`"fr\u006fm_user_id"`, `1`},
		{`"\u0066\u0072\u006F\u006D\u005f\u0075ser_id"`, `[1e400]`},
		{`"target_user_id"`, `null`},
		{`"t\u0061rget_peer_id"`, `null`},
		{`"target_other"`, `7`},
	}
}

// relayBytes sends data with the members, written with the white space, and
// returns the frame that arrives, without the epoch, which is that of the last
// offer: the other side sends none.
func relayBytes(t *testing.T, from, to *caller, typ protocol.Type, space string, members []member) string {
	t.Helper()
	var data strings.Builder
	data.WriteString("{" + space)
	for i, m := range members {
		if i > 0 {
			data.WriteString(space + "," + space)
		}
		data.WriteString(m.key + space + ":" + space + m.value)
	}
	data.WriteString(space + "}")
	require.NoError(t, from.SendRaw(within(t), []byte(`{"data":`+data.String()+`,"type":"`+string(typ)+`"}`)))
	f, err := to.Next(within(t))
	require.NoError(t, err)
	if typ == protocol.TypeSignal {
		return string(f.Raw)
	}
	if typ == protocol.TypeOffer {
		from.offers++
	}
	head, rest, stamped := strings.Cut(string(f.Raw), fmt.Sprintf(`,"from_epoch":%d`, max(from.offers, 1)))
	require.True(t, stamped, "%.300s", f.Raw)
	return head + rest
}

// frameOf is what must arrive: the sender, and the members as they were.
func frameOf(roomID int64, from *caller, typ protocol.Type, members []member) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"type":%q,"room_id":%d,"data":{"from_user_id":%d,"from_username":%q,"from_peer_id":%q`,
		typ, roomID, from.id(), from.name(), from.peerID)
	for _, m := range members {
		b.WriteString("," + m.String())
	}
	b.WriteString("}}")
	return b.String()
}

func TestRelayKeepsBytes(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	for name, members := range odd() {
		t.Run(name, func(t *testing.T) {
			for _, typ := range relayed() {
				want := frameOf(room.ID, ann, typ, members)
				require.Equal(t, want, relayBytes(t, ann, bob, typ, "", members))
			}
			if len(members) < 100 { // white space everywhere would make a frame too big
				want := frameOf(room.ID, ann, protocol.TypeOffer, members)
				require.Equal(t, want, relayBytes(t, ann, bob, protocol.TypeOffer, " \t\r\n ", members))
			}
		})
	}
	quiet(t, ann.Socket, bob.Socket)
}

func TestRelayDropsForgedIdentity(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	for _, forged := range dropped() {
		kept := []member{{`"a"`, `1`}, {`"b"`, `{ "from_user_id" : 1 }`}}
		for at := range 3 {
			members := append(append(append([]member{}, kept[:at]...), forged), kept[at:]...)
			require.Equal(t, frameOf(room.ID, ann, protocol.TypeOffer, kept),
				relayBytes(t, ann, bob, protocol.TypeOffer, "", members), "%s in place %d", forged, at)
		}
		require.Equal(t, frameOf(room.ID, ann, protocol.TypeOffer, nil),
			relayBytes(t, ann, bob, protocol.TypeOffer, " ", []member{forged}), "%s alone", forged)
	}
	require.Equal(t, frameOf(room.ID, ann, protocol.TypeSignal, nil),
		relayBytes(t, ann, bob, protocol.TypeSignal, "", dropped()), "all at once")
}

// A target is found however it is spelled, and the last of several counts.
func TestRelayReadsTargetsAsJSONDoes(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob", "cid")
	ann, bob, cid := callers[0], callers[1], callers[2]
	note := member{`"note"`, `"n"`}
	for _, targets := range [][]member{
		{{`"t\u0061rget_user_id"`, idText(bob.id())}},
		{{`"target_user_id"`, idText(cid.id())}, {`"target_user_id"`, idText(bob.id())}},
		{{`"target_peer_id"`, `"\u00` + fmt.Sprintf("%02x", bob.peerID[0]) + bob.peerID[1:] + `"`}},
	} {
		require.Equal(t, frameOf(room.ID, ann, protocol.TypeOffer, []member{note}),
			relayBytes(t, ann, bob, protocol.TypeOffer, "\n", append(targets, note)))
	}
	quiet(t, ann.Socket, bob.Socket, cid.Socket)
}

// Members at random, some of which are the server's: the rest arrives as it was.
func TestRelayKeepsRandomBytes(t *testing.T) {
	const rounds = 300
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var pool []member
	for name, members := range odd() {
		if !strings.HasPrefix(name, "60 KB") {
			pool = append(pool, members...)
		}
	}
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	for range rounds {
		var sent, kept []member
		for range random.IntN(20) {
			if random.IntN(4) == 0 {
				sent = append(sent, dropped()[random.IntN(len(dropped()))])
				continue
			}
			m := pool[random.IntN(len(pool))]
			sent, kept = append(sent, m), append(kept, m)
		}
		typ := relayed()[random.IntN(len(relayed()))]
		space := []string{"", " ", "\n\t", "\r\n"}[random.IntN(4)]
		require.Equal(t, frameOf(room.ID, ann, typ, kept), relayBytes(t, ann, bob, typ, space, sent))
	}
}

func TestFramesBeyondTheLimits(t *testing.T) {
	n := startNode(t)
	_, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	bottomless := `{"type":"offer","data":{"a":` + strings.Repeat(`[`, 1000) + strings.Repeat(`]`, 1000) + `}}`
	require.NoError(t, ann.SendRaw(within(t), []byte(bottomless)))
	require.Equal(t, protocol.CodeInvalidJSON, next[protocol.ErrorData](t, ann.Socket, protocol.TypeError).Code)
	quiet(t, ann.Socket, bob.Socket)

	head, tail := `{"type":"offer","data":{"a":"`, `"}}`
	largest := head + strings.Repeat("a", n.Config().Limits.FrameBytes-len(head)-len(tail)) + tail
	require.NoError(t, ann.SendRaw(within(t), []byte(largest)))
	await[struct{}](t, bob.Socket, protocol.TypeOffer)

	require.NoError(t, ann.SendRaw(within(t), []byte(largest+" ")))
	require.Equal(t, protocol.CloseTooBig, closeCode(t, ann.Socket))
}

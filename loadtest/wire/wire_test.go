package wire

import (
	"bytes"
	"testing"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestCut(t *testing.T) {
	var stream []byte
	lengths := []int{0, 1, 125, 126, 127, 65535, 65536, 100_000}
	for _, n := range lengths {
		stream = append(stream, ws.MustCompileFrame(ws.NewTextFrame(bytes.Repeat([]byte{'a'}, n)))...)
	}
	stream = append(stream, ws.MustCompileFrame(ws.NewPingFrame([]byte("p")))...)
	rest := stream
	for _, n := range lengths {
		f, behind, ok, err := Cut(rest)
		require.NoError(t, err)
		require.True(t, ok, "length %d", n)
		require.Equal(t, ws.OpText, f.Op)
		require.Len(t, f.Payload, n)
		for cut := range min(len(rest)-len(behind), 20) {
			_, same, ok, err := Cut(rest[:cut])
			require.NoError(t, err)
			require.False(t, ok, "%d bytes of a frame of %d are not all of it", cut, n)
			require.Len(t, same, cut)
		}
		rest = behind
	}
	f, rest, ok, err := Cut(rest)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, Frame{Fin: true, Op: ws.OpPing, Payload: []byte("p")}, f)
	require.Empty(t, rest)
}

func TestFragmentsAreMarked(t *testing.T) {
	for _, fin := range []bool{true, false} {
		f, _, ok, err := Cut(ws.MustCompileFrame(ws.NewFrame(ws.OpContinuation, fin, []byte("a"))))
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, Frame{Fin: fin, Op: ws.OpContinuation, Payload: []byte("a")}, f)
	}
}

func TestCutRefusesWhatNoServerSends(t *testing.T) {
	extended := ws.NewTextFrame([]byte("a"))
	extended.Header.Rsv = ws.Rsv(false, true, false)
	for name, f := range map[string]ws.Frame{"masked": ws.MaskFrame(ws.NewTextFrame([]byte("a"))), "extension": extended} {
		_, _, ok, err := Cut(ws.MustCompileFrame(f))
		require.False(t, ok, name)
		require.ErrorIs(t, err, ErrHeader, name)
	}
	_, _, ok, err := Cut([]byte{0x82, 127, 0, 0, 0, 0, 1, 0, 0, 1})
	require.False(t, ok)
	require.ErrorIs(t, err, ErrTooLarge)
}

func TestMaskedFramesAreReadByAServer(t *testing.T) {
	h, err := ws.ReadHeader(bytes.NewReader(Masked(ws.OpText, []byte("hello"))))
	require.NoError(t, err)
	require.True(t, h.Masked)
	text, err := wsutil.ReadClientText(bytes.NewBuffer(Masked(ws.OpText, []byte("hello"))))
	require.NoError(t, err)
	require.Equal(t, "hello", string(text))
}

func TestCompressedFramesAreMarked(t *testing.T) {
	packed := ws.NewTextFrame([]byte("a"))
	packed.Header.Rsv = ws.Rsv(true, false, false)
	f, _, ok, err := Cut(ws.MustCompileFrame(packed))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, Frame{Fin: true, Packed: true, Op: ws.OpText, Payload: []byte("a")}, f)
}

func FuzzCut(f *testing.F) {
	f.Add(ws.MustCompileFrame(ws.NewTextFrame([]byte("hello"))))
	f.Add([]byte{0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, rest, ok, err := Cut(b)
		if err != nil || !ok {
			require.Len(t, rest, len(b), "nothing is consumed")
			return
		}
		r := bytes.NewReader(b)
		want, err := ws.ReadHeader(r)
		require.NoError(t, err, "gobwas/ws cannot read what was read")
		require.Equal(t, want.OpCode, got.Op)
		require.Len(t, got.Payload, int(want.Length))
		require.Len(t, rest, r.Len()-int(want.Length))
	})
}

func TestTypeOf(t *testing.T) {
	for payload, want := range map[string]protocol.Type{
		`{"type":"ack","id":"1"}`:           protocol.TypeAck,
		`{"type":"chat_message","data":{}}`: protocol.TypeChatMessage,
		`{"type":"typing"}`:                 protocol.TypeTyping,
		`{"type":"offer"}`:                  protocol.TypeOffer,
		`{"type":"ice_candidate"}`:          protocol.TypeICECandidate,
		`{"type":"welcome"}`:                protocol.TypeWelcome,
		`{ "data":{}, "type" : "pong" }`:    protocol.TypePong,
		`{"type":"torn`:                     "",
		`[]`:                                "",
	} {
		require.Equal(t, want, TypeOf([]byte(payload)), payload)
	}
}

func TestEveryTypeIsKnown(t *testing.T) {
	for _, typ := range protocol.ServerTypes() {
		require.Equal(t, typ, known([]byte(typ)))
	}
	common := []byte(`{"type":"chat_message"}`)
	require.Zero(t, testing.AllocsPerRun(100, func() { TypeOf(common) }))
}

func TestCloseError(t *testing.T) {
	require.Equal(t, websocket.CloseError{Code: 4403, Reason: "removed"}, CloseError(ws.NewCloseFrameBody(4403, "removed")))
	require.Equal(t, websocket.CloseError{Code: websocket.StatusNoStatusRcvd}, CloseError(nil))
}

package swarm

import (
	"bytes"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestNextFrame(t *testing.T) {
	var stream []byte
	lengths := []int{0, 1, 125, 126, 127, 65535, 65536, 100_000}
	for _, n := range lengths {
		stream = append(stream, ws.MustCompileFrame(ws.NewTextFrame(bytes.Repeat([]byte{'a'}, n)))...)
	}
	stream = append(stream, ws.MustCompileFrame(ws.NewPingFrame([]byte("p")))...)
	rest := stream
	for _, n := range lengths {
		f, behind, ok, err := nextFrame(rest)
		require.NoError(t, err)
		require.True(t, ok, "length %d", n)
		require.Equal(t, ws.OpText, f.op)
		require.Len(t, f.payload, n)
		for cut := range min(len(rest)-len(behind), 20) {
			_, same, ok, err := nextFrame(rest[:cut])
			require.NoError(t, err)
			require.False(t, ok, "%d bytes of a frame of %d are not all of it", cut, n)
			require.Len(t, same, cut)
		}
		rest = behind
	}
	f, rest, ok, err := nextFrame(rest)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, frame{op: ws.OpPing, payload: []byte("p")}, f)
	require.Empty(t, rest)
}

func TestNextFrameRefusesWhatNoServerSends(t *testing.T) {
	fragment := ws.NewTextFrame([]byte("a"))
	fragment.Header.Fin = false
	extended := ws.NewTextFrame([]byte("a"))
	extended.Header.Rsv = ws.Rsv(false, true, false)
	for name, f := range map[string]ws.Frame{
		"masked": ws.MaskFrame(ws.NewTextFrame([]byte("a"))), "fragment": fragment, "extension": extended,
	} {
		_, _, ok, err := nextFrame(ws.MustCompileFrame(f))
		require.False(t, ok, name)
		require.ErrorContains(t, err, "frame header", name)
	}
}

func TestCompressedFramesAreMarked(t *testing.T) {
	packed := ws.NewTextFrame([]byte("a"))
	packed.Header.Rsv = ws.Rsv(true, false, false)
	f, _, ok, err := nextFrame(ws.MustCompileFrame(packed))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, frame{op: ws.OpText, packed: true, payload: []byte("a")}, f)
}

func FuzzNextFrame(f *testing.F) {
	f.Add(ws.MustCompileFrame(ws.NewTextFrame([]byte("hello"))))
	f.Add([]byte{0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, rest, ok, err := nextFrame(b)
		if err != nil || !ok {
			require.Len(t, rest, len(b), "nothing is consumed")
			return
		}
		r := bytes.NewReader(b)
		want, err := ws.ReadHeader(r)
		require.NoError(t, err, "gobwas/ws cannot read what was read")
		require.Equal(t, want.OpCode, got.op)
		require.Len(t, got.payload, int(want.Length))
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
		require.Equal(t, want, typeOf([]byte(payload)), payload)
	}
}

func TestEveryTypeIsKnown(t *testing.T) {
	for _, typ := range protocol.ServerTypes() {
		require.Equal(t, typ, known([]byte(typ)))
	}
	common := []byte(`{"type":"chat_message"}`)
	require.Zero(t, testing.AllocsPerRun(100, func() { typeOf(common) }))
}

func TestCloseError(t *testing.T) {
	err := closeError(ws.NewCloseFrameBody(4403, "removed"))
	require.ErrorIs(t, err, errClosed)
	require.ErrorContains(t, err, "4403 removed")
	require.ErrorIs(t, closeError(nil), errClosed)
}

package room

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func fullParcel() *parcel {
	return &parcel{
		name: "line", user: 7, at: place{3, protocol.ChannelChat}, token: "line~a~t2", former: "line~a~t1",
		from: 4, first: 2, torn: true, left: 19 * time.Second, frames: [][]byte{[]byte(`{"type":"typing"}`), {}},
		sessions: []packed{
			{at: place{3, protocol.ChannelChat}, since: -1, greeted: true, body: []byte("body")},
			{at: place{4, protocol.ChannelCall}, since: 9, acked: true, id: protocol.ID(`"s"`), body: []byte{}},
		},
	}
}

func TestParcelGoesThere(t *testing.T) {
	p := fullParcel()
	p.sessions[1].body = []byte{}
	got, err := readParcel(p.encode())
	require.NoError(t, err)
	require.Equal(t, p, got)
}

func TestParcelIsWhole(t *testing.T) {
	b := fullParcel().encode()
	for n := range b {
		_, err := readParcel(b[:n])
		require.ErrorIs(t, err, errParcel, "%d of %d bytes", n, len(b))
	}
	_, err := readParcel(append(b, 0))
	require.ErrorIs(t, err, errParcel)
}

// FuzzParcel requires that what is read is written the same, and nothing is read
// without an end.
func FuzzParcel(f *testing.F) {
	f.Add(fullParcel().encode())
	f.Add([]byte{parcelFormat})
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := readParcel(b)
		if err != nil {
			return
		}
		again, err := readParcel(p.encode())
		require.NoError(t, err)
		require.Equal(t, p, again)
		p.rewind(p.token, 3)
	})
}

// FuzzLetters requires that no claim, answer or record makes a node fall.
func FuzzLetters(f *testing.F) {
	f.Add(claim{request: 1, name: "line", token: "line~a~t", user: 7}.append(nil))
	f.Add(answer{request: 1, found: atBerth, body: fullParcel().encode()}.append(nil))
	f.Add(record{boot: "a", parcel: fullParcel().encode()}.encode())
	f.Fuzz(func(_ *testing.T, b []byte) {
		readClaim(b)
		readAnswer(b)
		readRecord(b)
	})
}

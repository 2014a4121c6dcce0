package signaling

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling/call"
)

func TestLettersAreReadAsWritten(t *testing.T) {
	for _, s := range []signal{
		{},
		{request: 1, version: 1 << 50, from: 7, first: true, typ: protocol.TypeSignal, to: []call.SessionID{8}, text: []byte(`{}`)},
		{
			request: 1 << 63, version: 3, from: 1 << 62, epoch: 1 << 21, typ: protocol.TypeOffer, id: protocol.ID(`"é"`),
			to: []call.SessionID{1, 1 << 63}, text: []byte("\x00 text"),
		},
	} {
		got, err := readSignal(s.append(nil))
		require.NoError(t, err)
		require.Equal(t, string(s.text), string(got.text))
		s.text, got.text = nil, nil
		require.Equal(t, s, got)
	}
	a := answer{request: 9, to: []call.SessionID{1, 2}, became: []outcome{queued, moved}}
	got, err := readAnswer(a.encode())
	require.NoError(t, err)
	require.Equal(t, a, got)
	version, value, err := readVersion(appendVersion(1<<50, []byte("roster")))
	require.NoError(t, err)
	require.Equal(t, int64(1<<50), version)
	require.Equal(t, "roster", string(value))
	_, _, err = readVersion([]byte("short"))
	require.ErrorIs(t, err, errLetter)
}

// FuzzLetters looks for bytes that are taken for a letter and written otherwise, or
// that break the reader.
func FuzzLetters(f *testing.F) {
	s := signal{request: 1, version: 2, from: 3, typ: protocol.TypeOffer, to: []call.SessionID{4}, text: []byte("{}")}
	f.Add(s.append(nil))
	a := answer{request: 9, to: []call.SessionID{1}, became: []outcome{gone}}
	f.Add(a.encode())
	f.Add([]byte{1, 2, 3, 4, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := readSignal(b); err == nil {
			again, err := readSignal(s.append(nil))
			require.NoError(t, err)
			require.Equal(t, s, again)
		}
		if a, err := readAnswer(b); err == nil {
			again, err := readAnswer(a.encode())
			require.NoError(t, err)
			require.Equal(t, a, again)
		}
	})
}

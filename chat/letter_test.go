package chat

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestBulletinKeepsWhatItIsGiven(t *testing.T) {
	b := bulletin{id: 1, seq: 1 << 40, version: 1_767_323_045_000}
	b.encode(func(to []byte) []byte { return append(to, "frame"...) })
	got, err := readBulletin(b.body)
	require.NoError(t, err)
	require.Equal(t, b, got)
	require.Equal(t, "frame", string(got.text))
}

func TestAttendanceKeepsWhatItIsGiven(t *testing.T) {
	for _, users := range [][]protocol.User{
		nil, {{ID: 1}}, {{ID: 7, Username: "ann", DisplayName: strings.Repeat("ü", 200)}, {ID: 8, Username: "ben"}},
	} {
		want := attendance{boot: "node-1", users: users}
		got, err := readAttendance(want.encode())
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

// What is cut short, or names what there cannot be, is refused.
func TestLettersThatAreBroken(t *testing.T) {
	b := bulletin{id: 300, seq: 300, version: 300}
	b.encode(func(to []byte) []byte { return to })
	for n := range len(b.body) + 1 {
		_, err := readBulletin(b.body[:n])
		require.ErrorIs(t, err, errLetter, "%d bytes", n)
	}
	_, err := readBulletin([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x01\x01frame"))
	require.ErrorIs(t, err, errLetter, "an id that is none")
	whole := attendance{boot: "b", users: []protocol.User{{ID: 7, Username: "ann", DisplayName: "Ann"}}}.encode()
	for n := range whole {
		if n == 2 {
			continue // nobody
		}
		_, err := readAttendance(whole[:n])
		require.ErrorIs(t, err, errLetter, "%d bytes", n)
	}
}

// FuzzLetter: whatever comes is refused, or means what it says when it is encoded
// again.
func FuzzLetter(f *testing.F) {
	b := bulletin{id: 1, seq: 2, version: 3}
	b.encode(func(to []byte) []byte { return append(to, "frame"...) })
	f.Add(b.body)
	f.Add(attendance{boot: "node-1", users: []protocol.User{{ID: 7, Username: "ann", DisplayName: "Ann"}}}.encode())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		if b, err := readBulletin(body); err == nil {
			again := b
			again.encode(func(to []byte) []byte { return append(to, b.text...) })
			got, err := readBulletin(again.body)
			require.NoError(t, err)
			require.Equal(t, again, got)
		}
		if a, err := readAttendance(body); err == nil {
			got, err := readAttendance(a.encode())
			require.NoError(t, err)
			require.Equal(t, a, got)
		}
	})
}

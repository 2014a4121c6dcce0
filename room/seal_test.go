package room

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzToken looks for a resume token that cannot be read safely:
// `go test ./room -fuzz FuzzToken`.
func FuzzToken(f *testing.F) {
	f.Add("", uint16(0), int32(0), uint64(0))
	f.Add("nonsense", uint16(1), int32(-1), uint64(1))
	f.Add("AAAAAAAAAAAAAAAAAAAAAA", uint16(65535), int32(1<<31-1), uint64(1<<63))
	s, other := newSeal(), newSeal()
	f.Fuzz(func(t *testing.T, token string, shard uint16, place int32, serial uint64) {
		if got, ok := s.open(token); !ok {
			require.Zero(t, got, "nobody's")
		}
		want := ticket{shard, place, serial}
		got, ok := s.open(s.close(want, sealedToken))
		require.True(t, ok)
		require.Equal(t, want, got)
		_, ok = s.open(s.close(want, sealedName))
		require.False(t, ok, "a name is no token")
		if got, ok = other.open(s.close(want, sealedToken)); ok { // one time in 65,536
			require.NotEqual(t, want, got, "a token is good for its process only")
		}
	})
}

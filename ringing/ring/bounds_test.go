package ring_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/ringing/ring"
)

func call(id string, caller, roomID int64, users ...int64) ring.Call[string] {
	return ring.Call[string]{
		ID: id, Caller: protocol.User{ID: caller}, RoomID: roomID, Users: users, Until: time.Unix(1, 0),
	}
}

// upTo lists so many users from the first on.
func upTo(first int64, n int) (users []int64) {
	for i := range n {
		users = append(users, first+int64(i))
	}
	return users
}

func TestInvitesOfACallerAreBounded(t *testing.T) {
	s := ring.New[string]()
	for room := range int64(ring.MaxInvites) {
		_, err := s.Invite(call("i", 1, room+1, 2))
		require.NoError(t, err)
	}
	_, err := s.Invite(call("more", 1, 99, 2))
	require.ErrorIs(t, err, ring.ErrTooManyInvites)
	require.Len(t, s.Of(2), ring.MaxInvites, "nothing has changed")
	_, err = s.Invite(call("again", 1, 1, 2, 3))
	require.NoError(t, err, "one that rings may go on")
	_, err = s.Invite(call("another's", 4, 99, 2))
	require.NoError(t, err)
}

func TestUsersOfAnInviteAreBounded(t *testing.T) {
	s := ring.New[string]()
	_, err := s.Invite(call("i", 1, 1, upTo(10, ring.MaxUsers+1)...))
	require.ErrorIs(t, err, ring.ErrTooManyUsers)
	require.False(t, s.Calling(1))
	_, err = s.Invite(call("i", 1, 1, upTo(10, ring.MaxUsers)...))
	require.NoError(t, err)
	_, err = s.Invite(call("i", 1, 1, 10, 5))
	require.ErrorIs(t, err, ring.ErrTooManyUsers, "one more, by a second frame")
	_, err = s.Invite(call("i", 1, 1, 10, 11))
	require.NoError(t, err, "those it rings for already are no more")
}

func TestRingsAreBounded(t *testing.T) {
	s := ring.New[string]()
	rings := 0
	for caller := int64(1); rings < ring.MaxRings; caller++ {
		users := upTo(1, min(ring.MaxUsers, ring.MaxRings-rings))
		_, err := s.Invite(call("i", -caller, 1, users...))
		require.NoError(t, err)
		rings += len(users)
	}
	_, err := s.Invite(call("more", 1, 2, 3))
	require.ErrorIs(t, err, ring.ErrFull)
	require.False(t, s.Calling(1))
	_, err = s.Invite(call("again", -1, 1, 1))
	require.NoError(t, err, "nothing more rings")
}

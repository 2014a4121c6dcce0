package membership_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/membership"
	"parley/protocol"
	"parley/store"
	"parley/store/sqlite"
)

// bench is a Service on a real store, and what it told the live side.
type bench struct {
	*membership.Service
	store *sqlite.Store
	live  *live
}

func newBench(t *testing.T) *bench {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Path: sqlite.MemoryPath})
	require.NoError(t, err)
	t.Cleanup(func() {
		if err := s.Close(); !errors.Is(err, store.ErrClosed) { // closed by the test
			require.NoError(t, err)
		}
	})
	b := &bench{store: s, live: &live{}}
	b.Service = membership.New(s, b.live)
	return b
}

// user makes an account.
func (b *bench) user(t *testing.T, name string) protocol.User {
	t.Helper()
	var hash store.Hash
	copy(hash[:], name)
	token, err := b.store.CreateUser(t.Context(), store.NewUser{
		Username: name, Email: name + "@example.com", DisplayName: name + "!", PasswordHash: "x", TokenHash: hash,
	})
	require.NoError(t, err)
	return protocol.User{ID: token.User.ID, Username: name, DisplayName: name + "!"}
}

// room makes a room of owner's that the others have joined.
func (b *bench) room(t *testing.T, owner protocol.User, others ...protocol.User) protocol.Room {
	t.Helper()
	r, err := b.Create(t.Context(), owner, membership.NewRoom{Name: "room"})
	require.NoError(t, err)
	for _, u := range others {
		_, err := b.Join(t.Context(), u.ID, r.ID)
		require.NoError(t, err)
	}
	return r
}

// participants lists a room's names in order, the owner's with a star.
func (b *bench) participants(t *testing.T, as protocol.User, roomID int64) []string {
	t.Helper()
	people, total, err := b.Participants(t.Context(), as.ID, roomID, store.Page{Limit: 100})
	require.NoError(t, err)
	require.Len(t, people, total)
	names := []string{}
	for _, p := range people {
		require.False(t, p.JoinedAt.IsZero())
		if p.Role == protocol.RoleOwner {
			p.Username += "*"
		}
		names = append(names, p.Username)
	}
	return names
}

// live remembers what it is told as "room/user: reason", and apart from that who
// was added as "room/user".
type live struct{ told, added []string }

func (l *live) Added(roomID, userID int64) {
	l.added = append(l.added, fmt.Sprintf("%d/%d", roomID, userID))
}

func (l *live) Removed(roomID, userID int64, why protocol.LeaveReason) {
	l.told = append(l.told, fmt.Sprintf("%d/%d: %s", roomID, userID, why))
}

func (l *live) RoomDeleted(roomID int64) {
	l.told = append(l.told, fmt.Sprintf("%d: deleted", roomID))
}

func requireCode(t *testing.T, want protocol.Code, err error) {
	t.Helper()
	_ = refusal(t, want, err)
}

// refusal is the error that a client sees, which must have this code.
func refusal(t *testing.T, want protocol.Code, err error) *protocol.Error {
	t.Helper()
	var e *protocol.Error
	require.ErrorAs(t, err, &e, "want a protocol.Error with code %s", want)
	require.Equal(t, want, e.Code, "%v", err)
	return e
}

func requireField(t *testing.T, field string, err error) {
	t.Helper()
	e := refusal(t, protocol.CodeValidation, err)
	require.Len(t, e.Fields, 1)
	require.Equal(t, field, e.Fields[0].Field)
}

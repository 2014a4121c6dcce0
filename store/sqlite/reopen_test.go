package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/sqlite"
)

// TestReopenKeepsEverything compares what every list shows before and after.
func TestReopenKeepsEverything(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "parley.db")
	s := open(t, sqlite.Config{Path: path})
	roomID, annID := mustRoom(t, s, "ann")
	ben, err := s.CreateUser(ctx, store.NewUser{
		Username: "Ben", Email: "ben@example.com", DisplayName: "B", PasswordHash: "h", TokenHash: store.Hash{1},
	})
	require.NoError(t, err)
	_, err = s.AddParticipant(ctx, roomID, ben.User.ID)
	require.NoError(t, err)
	require.NoError(t, s.CreateTicket(ctx, ben.ID, store.Hash{2}, time.Now().Add(time.Hour)))
	var last store.Message
	for _, text := range []string{"one", "two", "three"} {
		last, err = post(s, store.NewMessage{RoomID: roomID, AuthorID: annID, Content: text, ClientMsgID: text})
		require.NoError(t, err)
	}
	called := make(chan error, 3)
	s.PostEdit(roomID, annID, last.ID, "edited", func(_ store.Message, err error) { called <- err })
	s.PostDelete(roomID, annID, last.ID-1, func(_ store.Message, _ bool, err error) { called <- err })
	s.PostRead(roomID, ben.User.ID, last.ID-2, func(_ store.ReadMarker, _ bool, err error) { called <- err })
	for range 3 {
		require.NoError(t, <-called)
	}
	before := snapshot(t, s, roomID, ben.User.ID)
	require.NoError(t, s.Close())
	require.NoFileExists(t, path+"-wal", "Close leaves one file")
	require.NoFileExists(t, path+"-shm")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Positive(t, info.Size())

	s = openClosing(t, sqlite.Config{Path: path})
	require.Equal(t, before, snapshot(t, s, roomID, ben.User.ID))
	token, err := s.SpendTicket(ctx, store.Hash{2}, time.Now())
	require.NoError(t, err)
	require.Equal(t, ben, token)
	again, err := post(s, store.NewMessage{RoomID: roomID, AuthorID: annID, ClientMsgID: "one"})
	require.NoError(t, err)
	require.EqualValues(t, 1, again.Seq)
	next, err := post(s, store.NewMessage{RoomID: roomID, AuthorID: annID})
	require.NoError(t, err)
	require.EqualValues(t, 4, next.Seq)
	require.Greater(t, next.ID, last.ID)
}

// kept is what one user sees of one room.
type kept struct {
	user         store.User
	view         store.RoomView
	participants []store.Participant
	messages     []store.Message
	changed      []store.Message
}

func snapshot(t *testing.T, s *sqlite.Store, roomID, userID int64) kept {
	t.Helper()
	ctx := context.Background()
	var k kept
	var err error
	k.user, err = s.UserByID(ctx, userID)
	require.NoError(t, err)
	k.view, err = s.RoomFor(ctx, roomID, userID)
	require.NoError(t, err)
	k.participants, _, err = s.ParticipantsOf(ctx, roomID, store.Page{Limit: 100})
	require.NoError(t, err)
	k.messages, err = s.MessagesAfter(ctx, roomID, 0, 1000)
	require.NoError(t, err)
	k.changed, _, err = s.MessagesChangedSince(ctx, roomID, time.Time{}, store.Page{Limit: 100})
	require.NoError(t, err)
	return k
}

package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/store"
	"parley/store/sqlite"
)

// childVar makes the test binary play another process: its value is the part.
const childVar = "PARLEY_SQLITE_TEST_CHILD"

func TestMain(m *testing.M) {
	parts := map[string]func(path string) error{
		"talker":  childTalks,
		"limited": childHitsLimit,
	}
	if part := parts[os.Getenv(childVar)]; part != nil {
		if err := part(os.Args[len(os.Args)-1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// child prepares a process that plays a part on the database at path.
func child(t *testing.T, part, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$", path)
	cmd.Env = append(os.Environ(), childVar+"="+part)
	return cmd
}

func open(t *testing.T, c sqlite.Config) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), c)
	require.NoError(t, err)
	return s
}

// openClosing also closes the store at the test's end.
func openClosing(t *testing.T, c sqlite.Config) *sqlite.Store {
	t.Helper()
	s := open(t, c)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// room makes a user who owns a room, both called name, or finds them.
func room(s *sqlite.Store, name string) (roomID, userID int64, err error) {
	ctx := context.Background()
	u, err := s.UserByName(ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		token, err := s.CreateUser(ctx, store.NewUser{Username: name, Email: name, TokenHash: store.Hash{name[0]}})
		if err != nil {
			return 0, 0, err
		}
		r, err := s.CreateRoom(ctx, store.NewRoom{Name: name, OwnerID: token.User.ID})
		return r.ID, token.User.ID, err
	}
	if err != nil {
		return 0, 0, err
	}
	rooms, _, err := s.RoomsOf(ctx, u.ID, store.Page{Limit: 1})
	if err != nil {
		return 0, 0, err
	}
	return rooms[0].ID, u.ID, nil
}

func mustRoom(t *testing.T, s *sqlite.Store, name string) (roomID, userID int64) {
	t.Helper()
	roomID, userID, err := room(s, name)
	require.NoError(t, err)
	return roomID, userID
}

// post stores a message and waits for it.
func post(s *sqlite.Store, m store.NewMessage) (store.Message, error) {
	type answer struct {
		m   store.Message
		err error
	}
	answers := make(chan answer, 1)
	s.PostMessage(m, func(m store.Message, _ bool, err error) { answers <- answer{m, err} })
	select {
	case a := <-answers:
		return a.m, a.err
	case <-time.After(30 * time.Second):
		return store.Message{}, errors.New("done was not called")
	}
}

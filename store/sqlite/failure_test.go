package sqlite_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/sqlite"
)

// TestFailedWriteFailsAlone puts writes that the database fails (a trigger
// stands in for a defect) between good ones of the same batch.
func TestFailedWriteFailsAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	s := openClosing(t, sqlite.Config{Path: path, BusyTimeout: time.Minute})
	roomID, userID := mustRoom(t, s, "ann")
	tamper(t, path, `CREATE TRIGGER defect BEFORE INSERT ON messages WHEN NEW.content = 'bad'
		BEGIN SELECT RAISE(ABORT, 'defect'); END`)
	release := holdWriteLock(t, path)
	const n = 200
	type answer struct {
		i   int
		m   store.Message
		err error
	}
	answers := make(chan answer, n)
	for i := range n {
		m := store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "good", ClientMsgID: fmt.Sprint(i)}
		if i%50 == 25 {
			m.Content = "bad"
		}
		s.PostMessage(m, func(m store.Message, _ bool, err error) { answers <- answer{i, m, err} })
	}
	release()
	seq := int64(0)
	for i := range n {
		a := <-answers
		require.Equal(t, i, a.i, "callbacks out of order")
		if i%50 == 25 {
			require.ErrorContains(t, a.err, "defect")
			require.Zero(t, a.m)
			continue
		}
		require.NoError(t, a.err)
		seq++
		require.Equal(t, seq, a.m.Seq)
	}
	messages, err := s.MessagesAfter(context.Background(), roomID, 0, n)
	require.NoError(t, err)
	require.Len(t, messages, int(seq))
}

// TestFailedBeginFailsTheBatch lets the lock run out.
func TestFailedBeginFailsTheBatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	m := &meter{}
	var log strings.Builder // the writer's until Close
	s := open(t, sqlite.Config{
		Path: path, BusyTimeout: time.Millisecond, Meter: m, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	roomID, userID := mustRoom(t, s, "ann")
	release := holdWriteLock(t, path)
	message := store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "x", ClientMsgID: "x"}
	_, err := post(s, message)
	require.ErrorContains(t, err, "locked")
	_, err = s.CreateRoom(context.Background(), store.NewRoom{OwnerID: userID})
	require.ErrorContains(t, err, "locked")
	release()
	stored, err := post(s, message)
	require.NoError(t, err)
	require.EqualValues(t, 1, stored.Seq)
	require.NoError(t, s.Close())
	require.Contains(t, log.String(), "00001_initial.sql")
	require.Equal(t, 2, strings.Count(log.String(), "database write failed"), log.String())
	require.Equal(t, []int{1, 1, 1}, m.batches, "only what was committed is counted")
}

//go:build unix

package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/sqlite"
)

// TestFullDisk lets a process write until its files may not grow (a limit on
// their size stands in for a full disk), then gives it room again.
func TestFullDisk(t *testing.T) {
	out, err := child(t, "limited", filepath.Join(t.TempDir(), "parley.db")).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func childHitsLimit(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := sqlite.Open(context.Background(), sqlite.Config{Path: path})
	if err != nil {
		return err
	}
	roomID, userID, err := room(s, "ann")
	if err != nil {
		return err
	}
	stored, refused, err := fill(s, path, roomID, userID)
	if err != nil {
		return err
	}
	if refused == 0 {
		return errors.New("the limit was never hit")
	}
	m, err := post(s, store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "room again"})
	if err != nil {
		return fmt.Errorf("after the limit was lifted: %w", err)
	}
	if m.Seq != int64(stored)+1 {
		return fmt.Errorf("seq %d after %d stored messages", m.Seq, stored)
	}
	messages, err := s.MessagesAfter(context.Background(), roomID, 0, stored+refused+10)
	if err != nil {
		return err
	}
	if len(messages) != stored+1 {
		return fmt.Errorf("%d messages, %d acknowledged", len(messages), stored+1)
	}
	return s.Close()
}

// fill posts under a limit of 1 MiB a file until a batch of 100 was refused.
func fill(s *sqlite.Store, path string, roomID, userID int64) (stored, refused int, err error) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return 0, 0, err
	}
	low := syscall.Rlimit{Cur: 1 << 20, Max: limit.Max}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &low); err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)) }()
	content := strings.Repeat("x", 1000)
	results := make(chan error, 100)
	for range 100 {
		for range cap(results) {
			s.PostMessage(store.NewMessage{RoomID: roomID, AuthorID: userID, Content: content},
				func(_ store.Message, _ bool, err error) { results <- err })
		}
		for range cap(results) {
			if err := <-results; err != nil {
				refused++
			} else {
				stored++
			}
		}
		if refused >= cap(results) {
			break
		}
	}
	info, err := os.Stat(path + "-wal")
	if err == nil && info.Size() > 1<<20 {
		err = fmt.Errorf("the limit does not hold: %d bytes", info.Size())
	}
	return stored, refused, err
}

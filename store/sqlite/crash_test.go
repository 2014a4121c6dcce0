package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/sqlite"
)

// childTalks posts without end to three rooms, with 256 messages outstanding,
// and prints each one that was acknowledged, until it is killed.
func childTalks(path string) error {
	s, err := sqlite.Open(context.Background(), sqlite.Config{Path: path})
	if err != nil {
		return err
	}
	type talk struct{ room, user int64 }
	var talks []talk
	for _, name := range []string{"a", "b", "c"} {
		roomID, userID, err := room(s, name)
		if err != nil {
			return err
		}
		talks = append(talks, talk{roomID, userID})
	}
	free := make(chan struct{}, 256)
	for i := 0; ; i++ {
		free <- struct{}{}
		to := talks[i%len(talks)]
		id := fmt.Sprintf("%d-%d", os.Getpid(), i)
		s.PostMessage(store.NewMessage{RoomID: to.room, AuthorID: to.user, Content: "text of " + id, ClientMsgID: id},
			func(m store.Message, created bool, err error) {
				fmt.Printf("%d %d %d %s %t %v\n", m.RoomID, m.Seq, m.ID, m.ClientMsgID, created, err)
				<-free
			})
	}
}

// acknowledged is a line of childTalks.
type acknowledged struct {
	room, seq, id int64
	clientID      string
}

func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	var all []acknowledged
	for range 4 {
		acks := talkUntilKilled(t, path, 1500)
		all = append(all, acks...)
		checkAcknowledged(t, path, all)
	}
}

// talkUntilKilled kills a talking process after at least n acknowledgements and
// returns all that it printed.
func talkUntilKilled(t *testing.T, path string, n int) []acknowledged {
	t.Helper()
	cmd := child(t, "talker", path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var acks []acknowledged
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var a acknowledged
		var created bool
		var failure string
		_, err := fmt.Sscanf(lines.Text(), "%d %d %d %s %t %s", &a.room, &a.seq, &a.id, &a.clientID, &created, &failure)
		require.NoError(t, err, lines.Text())
		require.Equal(t, "<nil>", failure)
		require.True(t, created)
		acks = append(acks, a)
		if len(acks) == n {
			require.NoError(t, cmd.Process.Kill())
		}
	}
	require.Error(t, cmd.Wait(), "the child was to be killed")
	require.GreaterOrEqual(t, len(acks), n)
	return acks
}

// checkAcknowledged checks that every acknowledged message is there once, where
// it was said to be, and that no room has a gap.
func checkAcknowledged(t *testing.T, path string, all []acknowledged) {
	t.Helper()
	ctx := context.Background()
	s := open(t, sqlite.Config{Path: path})
	defer func() { require.NoError(t, s.Close()) }()
	stored := make(map[acknowledged]bool)
	clientIDs := make(map[string]bool)
	for _, name := range []string{"a", "b", "c"} {
		roomID, _ := mustRoom(t, s, name)
		messages, err := s.MessagesAfter(ctx, roomID, 0, 1_000_000)
		require.NoError(t, err)
		for i, m := range messages {
			if m.Seq != int64(i)+1 || clientIDs[m.ClientMsgID] || m.Content != "text of "+m.ClientMsgID {
				require.Fail(t, "gap, double or damage", "room %d, place %d: %+v", roomID, i, m)
			}
			clientIDs[m.ClientMsgID] = true
			stored[acknowledged{m.RoomID, m.Seq, m.ID, m.ClientMsgID}] = true
		}
		r, err := s.RoomByID(ctx, roomID)
		require.NoError(t, err)
		require.EqualValues(t, len(messages), r.LastSeq)
	}
	for _, a := range all {
		if !stored[a] {
			require.Fail(t, "acknowledged and lost", "%+v", a)
		}
	}
}

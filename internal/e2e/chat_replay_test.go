package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestReplayOfSeveralPages(t *testing.T) {
	t.Parallel()
	const n = 330
	c := startChat(t, "ann", "bob")
	ann := c.joined(t, 0)
	fill(t, ann, n, "x")
	stored := c.history(t, 0)
	for _, since := range []int{0, 1, 29, 30, 31, 129, 130, 131, 329} {
		k, missed := c.live(t, 1, fmt.Sprintf("?since_seq=%d", since))
		require.Equal(t, stored[since:], missed, "since_seq=%d", since)
		still(t, k)
		require.NoError(t, k.Close())
	}
	_, missed := c.live(t, 1, fmt.Sprintf("?since_seq=%d", n))
	require.Empty(t, missed, "nothing is missing")
	_, missed = c.live(t, 1, "")
	require.Empty(t, missed, "without since_seq there is no replay")
}

func TestReplayOfAnEmptyRoom(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	_, missed := c.live(t, 0, "?since_seq=0")
	require.Empty(t, missed)
}

// A client that knows messages which are not there (the server was set back to
// an older copy of its data) is not left waiting for them.
func TestSinceSeqBeyondTheLast(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann := c.joined(t, 0)
	fill(t, ann, 3, "x")
	k := openChat(t, c.users[1], c.room.ID, "?since_seq=9000")
	w := next[protocol.Welcome](t, k, protocol.TypeWelcome)
	require.EqualValues(t, 3, *w.LastSeq, "by which the client can tell")
	require.Empty(t, replayed(t, k))
	say(t, ann, "four")
	require.EqualValues(t, 4, next[protocol.Message](t, k, protocol.TypeChatMessage).Seq)
}

func TestSinceSeqThatIsNone(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	for _, bad := range []string{"-1", "x", "", "1.5", "9007199254740992", "99999999999999999999", "+", "0x1", "%zz"} {
		_, res, err := c.dialBare(t, 0, c.socket("?since_seq="+bad), nil)
		require.Error(t, err, "since_seq=%s", bad)
		require.NotNil(t, res)
		require.Equal(t, http.StatusBadRequest, res.StatusCode, "since_seq=%s", bad)
	}
}

// Whoever connects reads what was edited and deleted as it is now.
func TestReplayShowsChanges(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	ann := c.joined(t, 0)
	first, second := say(t, ann, "one"), say(t, ann, "two")
	request[struct{}](t, ann, protocol.TypeMessageEdit, map[string]any{"message_id": first.ID, "content": "uno"})
	request[struct{}](t, ann, protocol.TypeMessageDelete, map[string]any{"message_id": second.ID})
	_, missed := c.live(t, 0, "?since_seq=0")
	requireSeqs(t, 1, missed)
	require.Equal(t, "uno", missed[0].Content)
	require.NotNil(t, missed[0].EditedAt)
	require.Empty(t, missed[1].Content)
	require.NotNil(t, missed[1].DeletedAt)
}

// A replay far larger than what may wait for one socket comes as fast as the
// client reads. What happens in the room meanwhile comes after presence_state.
func TestReplayToASlowReader(t *testing.T) {
	t.Parallel()
	const n = 400 // of 16 KB each: what the kernel holds for a socket, and more
	c := startChat(t, "ann", "bob")
	ann := c.joined(t, 0)
	var wg sync.WaitGroup
	for range 2 {
		k := c.joined(t, 0)
		wg.Go(func() { fill(t, k, n/2, strings.Repeat("\U0001f600", 4000)) })
	}
	wg.Wait()
	ref := messages(t, ann, n)[n-1]

	conn, _, err := c.dialBare(t, 1, c.socket("?since_seq=0"), narrow(t))
	require.NoError(t, err)
	await[protocol.PresenceChange](t, ann, protocol.TypeUserOnline) // the replay has begun, and nobody reads it
	request[struct{}](t, ann, protocol.TypeMessageRead, map[string]any{"message_id": ref.ID})
	request[struct{}](t, ann, protocol.TypeMessageEdit, map[string]any{"message_id": ref.ID, "content": "edited"})
	request[struct{}](t, ann, protocol.TypeMessageDelete, map[string]any{"message_id": ref.ID})
	late := say(t, ann, "late")

	k := newBareReader(conn)
	require.Equal(t, protocol.TypeWelcome, k.next(t).Type)
	for seq := int64(1); seq <= late.Seq; seq++ {
		require.Equal(t, seq, message(t, k.next(t)).Seq)
	}
	for _, want := range []protocol.Type{
		protocol.TypePresenceState, protocol.TypeMessageRead, protocol.TypeMessageEdit, protocol.TypeMessageDelete,
	} {
		f := k.next(t)
		require.Equal(t, want, f.Type, "frame: %s", f.Raw)
	}
}

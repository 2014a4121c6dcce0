package chat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/presence"
	"parley/protocol"
)

// inbox keeps what it is told, as "room/user".
type inbox chan string

func (i inbox) Changed(roomID, userID int64) { i <- fmt.Sprintf("%d/%d", roomID, userID) }

// told requires what the inbox was told since, and by then.
func (i inbox) told(t *testing.T, want ...string) {
	t.Helper()
	for _, w := range want {
		select {
		case got := <-i:
			require.Equal(t, w, got)
		case <-time.After(patience):
			require.FailNow(t, "the inbox is not told", "%s", w)
		}
	}
	require.Empty(t, i)
}

func TestTheInboxIsToldWhatChangesHowMuchIsUnread(t *testing.T) {
	i := make(inbox, 16)
	n := &node{t: t, store: newFakeStore(3), presence: presence.NewMemory(time.Hour, time.Now), inbox: i}
	n.start(n.presence.Node("here"))
	p := n.enter("user=1")
	ask := func(frame string) {
		p.send(frame)
		for p.read().Type != protocol.TypeAck {
			continue
		}
	}
	n.post(1)
	i.told(t, "1/0")
	ask(`{"type":"chat_message","id":"1","data":{"content":"hello","client_msg_id":"a"}}`)
	i.told(t, "1/0")
	ask(`{"type":"chat_message","id":"2","data":{"content":"hello","client_msg_id":"a"}}`) // was stored before
	ask(`{"type":"typing","id":"3"}`)
	i.told(t)
	ask(`{"type":"mark_room_as_read","id":"4"}`)
	i.told(t, "1/1")
	ask(`{"type":"mark_room_as_read","id":"5"}`) // moves nothing
	ask(`{"type":"message_edit","id":"6","data":{"message_id":1001,"content":"else"}}`)
	i.told(t)
	ask(`{"type":"message_delete","id":"7","data":{"message_id":1001}}`)
	i.told(t, "1/0")
	ask(`{"type":"message_delete","id":"8","data":{"message_id":1001}}`)
	i.told(t)
}

package chat_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/presence"
	"parley/protocol"
	"parley/room"
	"parley/store"
)

var errDisk = errors.New("disk on fire at /var/lib/secret")

func TestRoomThatCannotBeLoaded(t *testing.T) {
	n := start(t, newFakeStore(5))
	g := newGate(t)
	n.store.look("RoomHeads", g.onFirst)
	n.store.fail("RoomHeads", errDisk)
	waiting := []*peer{n.dial("user=1"), n.dial("user=2"), n.dial("user=3&since=0")}
	take(t, g.reached, "the loading")
	require.Eventually(t, func() bool {
		waiting, err := room.Ask(t.Context(), n.hub, 1, func(r *room.Room) int { return len(slices.Collect(r.Sessions(""))) })
		return err == nil && waiting == 3
	}, patience, time.Millisecond, "three sessions wait for the room")
	g.open()
	for _, p := range waiting {
		require.Equal(t, protocol.CloseInternal, p.code(), "to come back")
	}
	n.store.fail("RoomHeads", nil)
	n.enter("user=4").still()
}

func TestRoomDeletedWhileConnecting(t *testing.T) {
	n := start(t, newFakeStore(0))
	require.Equal(t, protocol.CloseRoomDeleted, n.dial("room=2").code())
}

// registry is a presence registry that does not answer.
type registry struct{ presence.Registry }

func (registry) Online(context.Context, int64) ([]presence.Entry, error) { return nil, errDisk }

func (registry) Enter(context.Context, int64, presence.User) error { return errDisk }

// Who is here is served though nobody can say who is there.
func TestPresenceThatCannotBeLoaded(t *testing.T) {
	mem := presence.NewMemory(time.Hour, time.Now)
	n := (&node{t: t, store: newFakeStore(0), others: true}).start(registry{mem.Node("here")})
	p := n.dial("user=3")
	p.expect(protocol.TypeWelcome)
	require.Equal(t, []int64{3}, p.presence())
}

func TestReplayThatFails(t *testing.T) {
	n := start(t, newFakeStore(5))
	other := n.enter("user=2")
	n.store.fail("MessagesAfter", errDisk)
	p := n.dial("user=3&since=0")
	p.expect(protocol.TypeWelcome)
	require.Equal(t, protocol.CloseInternal, p.code(), "to come back")
	n.post(1)
	for { // the other's coming and going may have been news, or too short for that
		f := other.read()
		if f.Type == protocol.TypeChatMessage {
			break
		}
		require.Contains(t, []protocol.Type{protocol.TypeUserOnline, protocol.TypeUserOffline}, f.Type)
	}
}

// What the store fails at is reported as the server's fault, tells nothing of
// the inside, and is seen by nobody else.
func TestStoreFailures(t *testing.T) {
	n := start(t, newFakeStore(5))
	p, other := n.enter("user=1"), n.enter("user=2")
	p.expect(protocol.TypeUserOnline)
	for _, c := range []struct {
		method, frame string
		err           error
		code          protocol.Code
		temporary     bool
	}{
		{"PostMessage", `"chat_message","data":{"content":"x"}`, errDisk, protocol.CodeInternal, true},
		{"PostMessage", `"chat_message","data":{"content":"x"}`, store.ErrClosed, protocol.CodeUnavailable, true},
		{"PostMessage", `"chat_message","data":{"content":"x"}`, store.ErrNotParticipant, protocol.CodeNotFound, false},
		{"PostMessage", `"chat_message","data":{"content":"x"}`, store.ErrNotFound, protocol.CodeNotFound, false},
		{"PostRead", `"mark_room_as_read"`, errDisk, protocol.CodeInternal, true},
		{"PostEdit", `"message_edit","data":{"message_id":1001,"content":"x"}`, errDisk, protocol.CodeInternal, true},
		{"PostEdit", `"message_edit","data":{"message_id":1001,"content":"x"}`, store.ErrDeleted, protocol.CodeConflict, false},
		{"PostDelete", `"message_delete","data":{"message_id":1001}`, errDisk, protocol.CodeInternal, true},
		{"MessageByID", `"message_delete","data":{"message_id":1001}`, errDisk, protocol.CodeInternal, true},
		{"RoomByID", `"message_delete","data":{"message_id":1001}`, errDisk, protocol.CodeInternal, true},
	} {
		n.store.fail(c.method, c.err)
		p.send(`{"id":"f","type":` + c.frame + `}`)
		f := p.expect(protocol.TypeError)
		require.Equal(t, "f", *f.ID)
		var e protocol.ErrorData
		require.NoError(t, json.Unmarshal(f.Data, &e))
		require.Equal(t, c.code, e.Code, c.frame)
		require.Equal(t, c.temporary, e.Temporary, c.frame)
		require.NotContains(t, string(f.Data), "secret")
		n.store.fail(c.method, nil)
		p.still()
		other.still()
	}
	n.post(1) // and all is well again
	p.seqs(6, 6)
	other.seqs(6, 6)
}

func TestSendFailures(t *testing.T) {
	n := start(t, newFakeStore(0))
	content := "x"
	n.store.fail("PostMessage", errDisk)
	_, _, err := n.chat.Send(t.Context(), userOf(1), 1, protocol.SendMessage{Content: &content})
	require.ErrorIs(t, err, errDisk, "for the log; a client sees internal")
	require.Equal(t, protocol.CodeInternal, protocol.AsError(err).Code)

	n.store.fail("PostMessage", store.ErrNotParticipant)
	_, _, err = n.chat.Send(t.Context(), userOf(1), 1, protocol.SendMessage{Content: &content})
	require.Equal(t, protocol.CodeNotFound, protocol.AsError(err).Code)
}

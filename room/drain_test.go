package room_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

func TestDrainGivesEachItsSlot(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	var peers []*peer
	for i := range 40 {
		peers = append(peers, n.enter(fmt.Sprintf("user=%d&room=%d", i+1, i%7+1)))
	}
	n.hub.Drain()
	slots := map[int64]bool{}
	for _, p := range peers {
		f := p.read()
		require.Equal(t, protocol.TypeReconnect, f.Type)
		var r protocol.Reconnect
		require.NoError(t, json.Unmarshal(f.Data, &r))
		require.Equal(t, "restart", r.Reason)
		require.GreaterOrEqual(t, r.RetryAfterMS, int64(500), "the next process has time to come up")
		require.Less(t, r.RetryAfterMS, int64(700), "a thousand a second")
		require.False(t, slots[r.RetryAfterMS], "%d ms twice", r.RetryAfterMS)
		slots[r.RetryAfterMS] = true
		require.Equal(t, protocol.CloseRestart, p.code())
	}
	require.Empty(t, n.fake.left, "a restart is not a leave")
	require.Equal(t, protocol.CloseRestart, n.dial("").code(), "whoever comes late")
}

// A session that is catching up is told at once; one that was not welcomed yet
// gets nothing before its welcome, not even this.
func TestDrainWhileCatchingUp(t *testing.T) {
	entered := make(chan *room.Session, 2)
	n := start(t, room.Config{}, &fake{enter: func(s *room.Session) {
		if s.User().ID == 1 {
			s.Welcome()
		}
		s.Send(event("held"))
		entered <- s
	}})
	welcomed, waiting := n.enter("user=1"), n.dial("user=2")
	take(t, entered, "a session")
	take(t, entered, "a session")
	n.hub.Drain()
	require.Equal(t, protocol.TypeReconnect, welcomed.read().Type)
	require.Equal(t, protocol.CloseRestart, welcomed.code())
	_, _, err := waiting.conn.Read(t.Context())
	require.EqualValues(t, protocol.CloseRestart, websocket.CloseStatus(err), "the first and last: %v", err)
}

func TestDrainOfAStoppedNode(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	n.stop()
	n.hub.Drain()
}

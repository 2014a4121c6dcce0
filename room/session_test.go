package room_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

func TestWelcome(t *testing.T) {
	last := int64(9)
	n := start(t, room.Config{Node: "n1", Heartbeat: 1500 * time.Millisecond, Features: []string{"a"}}, &fake{
		lastSeq: &last,
	})
	f := n.dial("user=7&room=3").read()
	require.Equal(t, protocol.TypeWelcome, f.Type)
	var w protocol.Welcome
	require.NoError(t, json.Unmarshal(f.Data, &w))
	require.NotEmpty(t, w.ConnectionID)
	require.Equal(t, protocol.Welcome{
		ConnectionID: w.ConnectionID, ResumeToken: w.ResumeToken, Node: "n1", User: protocol.User{ID: 7, Username: "user7"},
		RoomID: 3, LastSeq: &last, HeartbeatS: 1.5, Features: []string{"a"},
	}, w)
}

func TestFeaturesAreAListEvenWithoutAny(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	require.Contains(t, string(n.dial("").read().Data), `"features":[]`)
}

// What a client sends before it is welcomed waits.
func TestNothingIsReceivedBeforeWelcome(t *testing.T) {
	entered := make(chan *room.Session, 1)
	n := start(t, room.Config{}, &fake{enter: func(s *room.Session) { entered <- s }})
	p := n.dial("")
	p.send(`{"type":"ping","id":"1"}`)
	s := take(t, entered, "the session")
	n.in(1, func(*room.Room) { s.Welcome(); s.Release() })
	require.Equal(t, protocol.TypeWelcome, p.read().Type)
	require.Equal(t, protocol.TypePong, p.read().Type)
}

// Reading goes on when every reason to pause is gone.
func TestPausesAddUp(t *testing.T) {
	entered, received := make(chan *room.Session, 1), make(chan string, 8)
	n := start(t, room.Config{}, &fake{
		enter:   func(s *room.Session) { s.Welcome(); s.Release(); entered <- s },
		receive: func(_ *room.Session, e protocol.Envelope) { received <- string(e.Type) },
	})
	p := n.enter("")
	s := take(t, entered, "the session")
	n.in(1, func(*room.Room) { s.PauseReading(); s.PauseReading() })
	p.send(`{"type":"one"}`)
	n.in(1, func(*room.Room) { s.ResumeReading() })
	n.in(1, func(*room.Room) {})
	n.in(1, func(*room.Room) { assert.Empty(t, received, "one reason is left") })
	n.in(1, func(*room.Room) { s.ResumeReading() })
	require.Equal(t, "one", take(t, received, "the frame"))
}

func TestAnswers(t *testing.T) {
	entered := make(chan *room.Session, 1)
	n := start(t, room.Config{}, &fake{
		enter: func(s *room.Session) { s.Welcome(); s.Release(); entered <- s },
		receive: func(s *room.Session, e protocol.Envelope) {
			switch e.Type {
			case "fine":
				s.Ack(e.ID, protocol.MessageRef{ID: 1, Seq: 2})
			case "wrong":
				s.Fail(e.ID, protocol.Invalid("field", "must be better"))
			default:
				s.Fail(e.ID, errors.New("disk on fire"))
			}
		},
	})
	p := n.enter("room=3")
	take(t, entered, "the session")

	f := p.ask(`{"type":"fine","id":"a"}`)
	require.Equal(t, protocol.TypeAck, f.Type)
	require.Equal(t, "a", *f.ID)
	require.EqualValues(t, 3, f.RoomID)
	require.JSONEq(t, `{"id":1,"seq":2}`, string(f.Data))
	p.send(`{"type":"fine"}`)
	p.alive()

	f = p.ask(`{"type":"wrong"}`)
	require.Equal(t, protocol.TypeError, f.Type)
	require.Nil(t, f.ID)
	require.JSONEq(t, `{"code":"validation_error","message":"field: must be better","temporary":false,
		"errors":[{"field":"field","message":"must be better"}]}`, string(f.Data))

	f = p.ask(`{"type":"broken","id":"c"}`)
	require.Equal(t, "c", *f.ID)
	require.NotContains(t, string(f.Data), "fire", "nothing of the inside")
	require.Contains(t, string(f.Data), `"code":"internal"`)
	require.Contains(t, string(f.Data), `"temporary":true`)

	f = p.ask(`{"type":"fine","id":"d","room_id":4}`)
	require.Equal(t, protocol.TypeError, f.Type)
	require.Equal(t, "d", *f.ID)
	p.alive()
	require.Equal(t, 1, n.meter.get("error internal"))
	require.Equal(t, 2, n.meter.get("error validation_error"))
}

func TestLeaveReasons(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(n *node, p *peer, s *room.Session)
		want protocol.LeaveReason
	}{
		"closed by the client": {func(_ *node, p *peer, _ *room.Session) {
			_ = p.conn.Close(websocket.StatusNormalClosure, "")
		}, protocol.LeaveLeft},
		"gone away": {func(_ *node, p *peer, _ *room.Session) {
			_ = p.conn.Close(websocket.StatusGoingAway, "")
		}, protocol.LeaveLeft},
		"lost": {func(_ *node, p *peer, _ *room.Session) { _ = p.conn.CloseNow() }, protocol.LeaveTimeout},
		"closed by the edge for good": {func(_ *node, p *peer, _ *room.Session) {
			_ = p.conn.Write(p.t.Context(), websocket.MessageBinary, []byte("x"))
		}, protocol.LeaveLeft},
		"closed by the behavior": {func(n *node, _ *peer, s *room.Session) {
			n.in(1, func(*room.Room) { s.Close(protocol.CloseReplaced, "replaced", protocol.LeaveReplaced) })
		}, protocol.LeaveReplaced},
		"the first reason counts": {func(n *node, _ *peer, s *room.Session) {
			n.in(1, func(*room.Room) {
				s.Close(protocol.CloseReplaced, "replaced", protocol.LeaveReplaced)
				s.Close(protocol.CloseForbidden, "removed", protocol.LeaveRemoved)
			})
		}, protocol.LeaveReplaced},
	} {
		t.Run(name, func(t *testing.T) {
			entered := make(chan *room.Session, 1)
			n := start(t, room.Config{}, &fake{
				enter: func(s *room.Session) { s.Welcome(); s.Release(); entered <- s },
				leave: func(s *room.Session, _ protocol.LeaveReason) { assert.True(t, s.Gone()) },
			})
			p := n.enter("")
			c.end(n, p, take(t, entered, "the session"))
			require.Equal(t, c.want, take(t, n.fake.left, "the leave"))
			n.in(1, func(r *room.Room) { assert.Nil(t, r, "an empty room is none") })
			require.Zero(t, n.meter.get("rooms"))
			require.Zero(t, n.meter.get("session chat"))
		})
	}
}

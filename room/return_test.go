package room_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// been welcomed on yet.
func TestATokenThatIsNoneTakesNothingOver(t *testing.T) {
	entered := make(chan *room.Session, 2)
	n := start(t, lasting(), &fake{enter: func(s *room.Session) { entered <- s }})
	first := n.dial("user=7")
	s := take(t, entered, "the first session")
	second := n.dial("user=7&resume=of-another-process")
	other := take(t, entered, "a session of its own")
	n.in(1, func(*room.Room) { s.Welcome(); s.Release(); other.Welcome(); other.Release() })
	require.NotEqual(t, welcomed(t, first).ConnectionID, welcomed(t, second).ConnectionID)
	first.alive()
	second.alive()
}

// Then it is not told that it missed nothing.
func TestTooMuchBeforeTheWelcome(t *testing.T) {
	f := &fake{}
	f.resume = func(s *room.Session) {
		for i := range 101 {
			s.Send(room.Encode(protocol.TypeTyping, 1, protocol.Typing{Note: fmt.Sprint(i)}))
		}
		s.Welcome()
	}
	n := start(t, lasting(), f)
	p := n.dial("user=7")
	w := welcomed(t, p)
	p.cut()
	n.await("suspended", 1)
	back := n.resume(w, 0, "user=7")
	require.Equal(t, protocol.CloseOverloaded, back.code(), "which is to come back")
	require.False(t, welcomed(t, n.resume(w, 0, "user=7")).Resumed)
	require.Equal(t, protocol.LeaveTimeout, take(t, n.fake.left, "the old session's end"))
	n.await("suspended", 0)
}

// A token that ended while its client was on the way back brings nobody back.
func TestLoggedOutOnTheWayBack(t *testing.T) {
	for _, query := range []string{"user=7", "user=7&channel=all"} {
		n := start(t, lasting(), &fake{})
		p := n.dial(query + "&token=5")
		w := welcomed(t, p)
		p.cut()
		n.await("suspended", 1)
		n.meanwhile(func(e *room.Entry) { n.hub.LoggedOut(e.TokenID) })
		require.Equal(t, protocol.CloseUnauthenticated, n.resume(w, 0, query+"&token=6").code())
	}
}

// once.
func TestStartingAfreshWithinTheQuota(t *testing.T) {
	cfg := lasting()
	cfg.SessionsOfUser = 1
	n := start(t, cfg, &fake{})
	p := n.dial("user=7")
	w := welcomed(t, p)
	for range 3 {
		n.note(1, 1, 1)
		p.expectNotes(1, 1)
		p.cut()
		n.await("suspended", 1)
		p = n.resume(w, 0, "user=7") // the note is not kept
		w = welcomed(t, p)
		require.False(t, w.Resumed)
		require.Equal(t, protocol.LeaveTimeout, take(t, n.fake.left, "the old session's end"))
		p.alive()
	}
	require.Equal(t, protocol.CloseRateLimited, n.dial("user=7").code(), "no more than one")
}

// when it is let in, with what stands then.
func TestResumeBeforeASubscriptionIsAnswered(t *testing.T) {
	entered := make(chan *room.Session, 1)
	f := reflecting()
	f.enter = func(s *room.Session) { entered <- s }
	n := start(t, lasting(), f)
	p, w := n.desk("user=7")
	p.send(`{"type":"subscribe","id":"s","data":{"room_id":1,"channel":"chat"}}`)
	s := take(t, entered, "the session")
	back := n.resume(w, 0, "user=7&channel=all") // from a socket that looks alive
	require.True(t, welcomed(t, back).Resumed)
	n.in(1, func(*room.Room) { *f.lastSeq = 13 })
	n.in(1, func(*room.Room) { s.Welcome(); s.Release() })
	ack := back.read()
	require.Equal(t, protocol.TypeAck, ack.Type)
	require.JSONEq(t, `{"last_seq":13}`, string(ack.Data))
	back.alive()
}

// same, once.
func TestUnsubscribeBeforeTheAnswer(t *testing.T) {
	entered := make(chan *room.Session, 1)
	n := start(t, lasting(), &fake{enter: func(s *room.Session) { entered <- s }})
	n.free = true
	for shift := range 2 { // on the room's own shard nothing is read until it is answered
		p, _ := n.desk(fmt.Sprintf("user=%d&shift=%d", 7+shift, shift))
		p.send(`{"type":"subscribe","id":"s","data":{"room_id":2,"channel":"chat"}}`)
		s := take(t, entered, "the session")
		p.send(`{"type":"unsubscribe","id":"u","data":{"room_id":2,"channel":"chat"}}`)
		answers := map[string]int{}
		for range 2 {
			answers[*p.read().ID]++
		}
		require.Equal(t, map[string]int{"s": 1, "u": 1}, answers)
		take(t, n.fake.left, "the leave")
		n.in(2, func(*room.Room) { s.Welcome() })
		p.alive()
	}
}

// Nothing of a room follows what ended its subscription.
func TestNothingAfterUnsubscribed(t *testing.T) {
	sessions := make(chan *room.Session, 1)
	n := start(t, lasting(), &fake{enter: func(s *room.Session) { s.Welcome(); s.Release(); sessions <- s }})
	for roomID := int64(1); roomID <= 3; roomID++ { // of any shard
		p, _ := n.desk("user=7")
		p.subscribe(roomID, protocol.ChannelChat)
		s := take(t, sessions, "the session")
		n.in(roomID, func(r *room.Room) {
			s.Close(protocol.CloseForbidden, "no longer a participant", protocol.LeaveRemoved)
			r.Broadcast("", room.EncodeIn(r, protocol.TypeTyping, protocol.Typing{}))
		})
		require.Equal(t, protocol.TypeUnsubscribed, p.read().Type)
		p.alive()
	}
}

// No count of received frames is beyond what can be told from the true one.
func TestReceivedMoreThanThereIs(t *testing.T) {
	n := start(t, lasting(), &fake{})
	p := n.enter("user=7&ack=1")
	p.requireError(protocol.CodeValidation, p.ask(`{"type":"received","data":{"n":9223372036854775807}}`))
	p.requireError(protocol.CodeValidation, p.ask(`{"type":"received","data":{"n":-1}}`))
}

// missed: it says on its return which it has.
func TestWhatWasWrittenMakesRoom(t *testing.T) {
	cfg := lasting()
	cfg.Resume.Frames = 10
	n := start(t, cfg, &fake{})
	p := n.dial("user=7&ack=1")
	w := welcomed(t, p)
	n.note(1, 1, 30) // none is acknowledged: ten are kept
	p.expectNotes(1, 30)
	p.cut()
	n.await("suspended", 1)
	n.note(1, 31, 40)
	p = n.resume(w, 30, "user=7&ack=1")
	require.True(t, welcomed(t, p).Resumed)
	p.expectNotes(31, 40)
	p.alive()
}

// A fault on the way back ends that session only, and leaves nothing behind.
func TestFaultOnTheWayBack(t *testing.T) {
	n := start(t, lasting(), &fake{resume: func(*room.Session) { panic("on purpose") }})
	other := n.enter("user=8")
	p := n.dial("user=7&ack=1")
	w := welcomed(t, p)
	n.note(1, 1, 2)
	p.cut()
	n.await("suspended", 1)
	n.note(1, 3, 4)
	require.Equal(t, protocol.CloseInternal, n.resume(w, 0, "user=7&ack=1").code())
	take(t, n.fake.left, "the leave")
	n.await("suspended", 0)
	require.Equal(t, 1, n.hub.Lines())
	require.Zero(t, n.hub.Kept())
	other.expectNotes(1, 4)
	other.alive()
}

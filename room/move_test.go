package room_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// A client goes from node to node and back, and has every frame once, in order.
func TestResumeOnAnotherNode(t *testing.T) {
	for _, query := range []string{"user=7", "user=7&ack=1", "user=7&shift=1", "user=7&channel=call&shift=2&ack=1"} {
		t.Run(query, func(t *testing.T) {
			x := startNodes(t, 3, lasting(), plain)
			p := x.all[0].dial(query)
			w := welcomed(t, p)
			name, sent := w.ConnectionID, 0
			say := func(n *node, count int) {
				n.note(1, sent+1, sent+count)
				sent += count
			}
			say(x.all[0], 4)
			p.expectNotes(1, 4)
			received := 4
			for i := range 7 {
				from, to := x.all[i%3], x.all[(i+1)%3]
				p.cut()
				from.await("suspended", 1)
				say(from, 6)
				p = to.resume(w, received, query)
				before := w
				w = welcomed(t, p)
				require.True(t, w.Resumed)
				require.Equal(t, name, w.ConnectionID)
				require.Equal(t, string(rune('a'+(i+1)%3)), w.Node)
				require.NotEqual(t, before.ResumeToken, w.ResumeToken)
				p.expectNotes(sent-5, sent)
				require.Equal(t, protocol.LeaveMoved, take(t, from.fake.left, "the move"))
				from.bare(0)
				say(to, 1)
				p.expectNotes(sent, sent)
				received = 8 // the pong too
				p.alive()
			}
			require.Equal(t, 3, x.all[1].meter.get(room.ResumeMoved))
		})
	}
}

// A socket that still looks alive is closed, and what it was not written follows.
func TestMoveFromALiveSocket(t *testing.T) {
	for _, query := range []string{"user=7&ack=1", "user=7&ack=1&shift=1", "user=7&ack=1&channel=all"} {
		x := startNodes(t, 2, lasting(), plain)
		p := x.all[0].dial(query)
		w := welcomed(t, p)
		back := x.all[1].resume(w, 0, query)
		require.True(t, welcomed(t, back).Resumed)
		require.Equal(t, protocol.CloseReplaced, p.code())
		x.all[0].bare(0)
		back.alive()
	}
}

// What a session is to its behavior goes along.
func TestBehaviorsPackAndUnpack(t *testing.T) {
	got := make(chan string, 9)
	x := startNodes(t, 2, lasting(), func(i int) *fake {
		return &fake{
			pack: func(s *room.Session) []byte { return fmt.Append(nil, "from ", i, " of ", s.User().ID) },
			unpack: func(s *room.Session, packed []byte) {
				got <- fmt.Sprint(string(packed), " ", s.ConnectionID(), s.Formerly())
				s.Welcome()
				s.Release()
			},
		}
	})
	w := welcomed(t, x.all[0].dial("user=7"))
	require.True(t, welcomed(t, x.all[1].resume(w, 0, "user=7")).Resumed)
	require.Equal(t, "from 0 of 7 "+w.ConnectionID, take(t, got, "Unpack"))
}

// All subscriptions go along, wherever their rooms are, and those that the client
// has no right to any more are ended.
func TestSubscriptionsMove(t *testing.T) {
	x := startNodes(t, 2, lasting(), func(int) *fake { return reflecting() })
	a, b := x.all[0], x.all[1]
	p, w := a.desk("user=7&ack=1")
	received := 0
	for roomID := int64(1); roomID <= 6; roomID++ {
		p.subscribe(roomID, protocol.ChannelChat)
		p.subscribe(roomID, protocol.ChannelCall)
		received += 2
	}
	p.cut()
	a.await("suspended", 1)
	for roomID := int64(1); roomID <= 6; roomID++ {
		a.note(roomID, int(roomID), int(roomID))
	}
	a.in(1, func(*room.Room) {})
	p = b.resume(w, received, "user=7&ack=1&channel=all")
	require.True(t, welcomed(t, p).Resumed)
	p.someNotes(6)
	for range 12 {
		require.Equal(t, protocol.LeaveMoved, take(t, a.fake.left, "the move"))
	}
	a.bare(0)
	b.await("session chat", 6)
	b.await("session call", 6)
	for roomID := int64(1); roomID <= 6; roomID++ {
		b.note(roomID, 9, 9)
		p.expectNotes(9, 9)
		require.JSONEq(t, `{"last_seq":12}`, string(p.subscribe(roomID, protocol.ChannelChat).Data), "it is subscribed")
	}
	require.Zero(t, a.meter.get("session chat")+a.meter.get("session call")+a.meter.get("session all")+a.meter.get("rooms"))
}

// someNotes reads notes of several rooms, which come in any order.
func (p *peer) someNotes(n int) {
	p.t.Helper()
	for range n {
		require.Equal(p.t, protocol.TypeTyping, p.read().Type)
	}
}

// A welcome that is lost on its way leaves the client with the token of the other
// node, which brings it back: there, here and on a third.
func TestAWelcomeOfAnotherNodeIsLost(t *testing.T) {
	for next := range 3 {
		x := startNodes(t, 3, lasting(), plain)
		p := x.all[0].dial("user=7&ack=1")
		w := welcomed(t, p)
		x.all[0].note(1, 1, 3)
		p.expectNotes(1, 2)
		p.cut()
		x.all[0].await("suspended", 1)
		lost := x.all[1].resume(w, 2, "user=7&ack=1")
		welcomed(t, lost) // as if it had not come
		lost.cut()
		x.all[1].await("suspended", 1)
		back := x.all[next].resume(w, 2, "user=7&ack=1")
		again := welcomed(t, back)
		require.True(t, again.Resumed, "on node %d", next)
		require.Equal(t, w.ConnectionID, again.ConnectionID)
		back.expectNotes(3, 3)
		back.alive()
	}
}

// An answer to what the client asked before it moved follows it.
func TestAnAnswerFollows(t *testing.T) {
	for _, query := range []string{"user=7&ack=1", "user=7&ack=1&shift=1"} {
		asked := make(chan func(), 1)
		x := startNodes(t, 2, lasting(), func(int) *fake {
			return &fake{receive: func(s *room.Session, e protocol.Envelope) {
				id := e.ID.Clone()
				asked <- func() { s.Ack(id, protocol.Empty{}) }
			}}
		})
		p := x.all[0].dial(query)
		w := welcomed(t, p)
		p.send(`{"type":"typing","id":"slow"}`)
		answer := take(t, asked, "the question")
		back := x.all[1].resume(w, 0, query)
		require.True(t, welcomed(t, back).Resumed)
		x.all[0].hub.In(1, func(*room.Room) { answer() })
		f := back.read()
		require.Equal(t, "slow", *f.ID)
		require.Equal(t, protocol.TypeAck, f.Type)
	}
}

// Nobody gets a session by a token that is not theirs, or for another place.
func TestNobodyElseMovesASession(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	p := x.all[0].dial("user=7")
	w := welcomed(t, p)
	for _, query := range []string{"user=8", "user=7&room=2", "user=7&channel=call", "user=7&channel=all"} {
		other := x.all[1].resume(w, 0, query)
		got := welcomed(t, other)
		require.False(t, got.Resumed, query)
		require.NotEqual(t, w.ConnectionID, got.ConnectionID)
	}
	for _, token := range []string{"~~", "a~b~c", w.ConnectionID + "~a.boot~x", w.ConnectionID + "~nowhere~x"} {
		require.False(t, welcomed(t, x.all[1].dial("user=7&resume="+token)).Resumed)
	}
	p.alive()
}

// More than was kept is missing: a new session, which knows whose place it has.
func TestTornOnTheWay(t *testing.T) {
	formerly := make(chan string, 9)
	x := startNodes(t, 2, lasting(), func(int) *fake {
		return &fake{enter: func(s *room.Session) {
			formerly <- s.Formerly()
			s.Welcome()
			s.Release()
		}}
	})
	p := x.all[0].dial("user=7")
	w := welcomed(t, p)
	require.Empty(t, take(t, formerly, "the first"))
	p.cut()
	x.all[0].await("suspended", 1)
	x.all[0].note(1, 1, 101)
	back := x.all[1].resume(w, 0, "user=7")
	got := welcomed(t, back)
	require.False(t, got.Resumed)
	require.NotEqual(t, w.ConnectionID, got.ConnectionID)
	require.Equal(t, w.ConnectionID, take(t, formerly, "the next"))
	require.Equal(t, protocol.LeaveMoved, take(t, x.all[0].fake.left, "the move"))
	x.all[0].bare(0)
	back.alive()
	back.cut()
	x.all[1].await("suspended", 1)
	back = x.all[1].resume(got, 1, "user=7")
	require.Equal(t, got.ConnectionID, welcomed(t, back).ConnectionID, "it is a session like any other")
}

package room_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// lost has a client with some frames that it did not get be away from node a.
func (x *nodes) lost(query string) (w protocol.Welcome) {
	x.t.Helper()
	a := x.all[0]
	p := a.dial(query)
	w = welcomed(x.t.(*testing.T), p)
	a.note(1, 1, 3)
	p.expectNotes(1, 2)
	p.cut()
	a.await("suspended", 1)
	x.putBy(w.ConnectionID)
	return w
}

// A node that has died has put its clients' sessions by.
func TestAdoptingASession(t *testing.T) {
	for _, query := range []string{"user=7&ack=1", "user=7&ack=1&shift=2"} {
		x := startNodes(t, 3, lasting(), plain)
		w := x.lost(query)
		before := x.document(w.ConnectionID).Version
		x.all[0].note(1, 4, 5)
		require.Eventually(t, func() bool { return x.document(w.ConnectionID).Version > before }, patience, time.Millisecond)
		x.kill(0)
		p := x.all[1].resume(w, 2, query)
		got := welcomed(t, p)
		require.True(t, got.Resumed)
		require.Equal(t, w.ConnectionID, got.ConnectionID)
		p.expectNotes(3, 5)
		require.Equal(t, 1, x.all[1].meter.get(room.ResumeAdopted))
		p.cut()
		x.all[1].await("suspended", 1)
		p = x.all[2].resume(got, 3, query)
		require.True(t, welcomed(t, p).Resumed)
		p.alive()
	}
}

// A node that only was cut off finds that its line is another's before it serves
// it again.
func TestTheNodeThatWasCutOffIsBack(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	w := x.lost("user=7&ack=1")
	x.kill(0)
	there := x.all[1].resume(w, 2, "user=7&ack=1")
	require.True(t, welcomed(t, there).Resumed)
	there.expectNotes(3, 3)
	x.cables[0].deaf.Store(false)
	x.dead.Clear()
	here := x.all[0].resume(w, 2, "user=7&ack=1")
	require.False(t, welcomed(t, here).Resumed)
	require.Equal(t, protocol.LeaveMoved, take(t, x.all[0].fake.left, "the line's end"))
	there.alive()
	here.alive()
	x.all[0].bare(1)
}

// It learns so too where its line changes.
func TestALineThatWasTakenEnds(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	w := x.lost("user=7&ack=1")
	x.kill(0)
	there := x.all[1].resume(w, 2, "user=7&ack=1")
	require.True(t, welcomed(t, there).Resumed)
	x.all[0].note(1, 9, 9)
	require.Equal(t, protocol.LeaveMoved, take(t, x.all[0].fake.left, "the line's end"))
	x.all[0].bare(0)
	there.expectNotes(3, 3)
	there.alive()
}

// The vault's data may be lost, and the line is put by again.
func TestTheVaultLosesItsData(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	w := x.lost("user=7&ack=1")
	x.memory.Lose()
	x.all[0].note(1, 4, 4)
	x.putBy(w.ConnectionID)
	x.memory.Lose()
	p := x.all[0].resume(w, 2, "user=7&ack=1")
	require.True(t, welcomed(t, p).Resumed)
	p.expectNotes(3, 4)
}

// What was put by is gone when the client is back, and when the line has ended.
func TestTheVaultIsLeftEmpty(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	empty := func(name string) {
		t.Helper()
		require.Eventually(t, func() bool { return x.document(name).Version == 0 }, patience, time.Millisecond)
	}
	w := x.lost("user=7&ack=1")
	p := x.all[0].resume(w, 2, "user=7&ack=1")
	w = welcomed(t, p)
	require.True(t, w.Resumed)
	empty(w.ConnectionID)
	p.cut()
	x.putBy(w.ConnectionID)
	x.all[0].hub.Expire(7)
	empty(w.ConnectionID)
	w = x.lost("user=8&ack=1")
	p = x.all[1].resume(w, 2, "user=8&ack=1")
	require.True(t, welcomed(t, p).Resumed)
	empty(w.ConnectionID)
}

// A node that dies with its sockets takes what they were with it: the next session
// knows whose place it has.
func TestSuccessor(t *testing.T) {
	formerly := make(chan string, 2)
	x := startNodes(t, 2, lasting(), func(int) *fake {
		return &fake{enter: func(s *room.Session) {
			formerly <- s.Formerly()
			s.Welcome()
			s.Release()
		}}
	})
	w := welcomed(t, x.all[0].dial("user=7"))
	take(t, formerly, "the first")
	x.kill(0)
	got := welcomed(t, x.all[1].resume(w, 0, "user=7"))
	require.False(t, got.Resumed)
	require.NotEqual(t, w.ConnectionID, got.ConnectionID)
	require.Equal(t, w.ConnectionID, take(t, formerly, "the next"))
	require.Equal(t, 1, x.all[1].meter.get(room.ResumeSuccessor))
}

// A node that does not answer is dead enough after a while.
func TestANodeThatDoesNotAnswer(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	w := x.lost("user=7&ack=1")
	x.cables[0].deaf.Store(true)
	p := x.all[1].resume(w, 2, "user=7&ack=1")
	require.True(t, welcomed(t, p).Resumed)
	p.expectNotes(3, 3)
}

// Of many clients of such a node one waits for it: the others are not kept waiting.
func TestANodeThatDoesNotAnswerIsNotWaitedForAgain(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	w, other := x.lost("user=7&ack=1"), x.all[0].dial("user=8")
	v := welcomed(t, other)
	other.cut()
	x.all[0].await("suspended", 2)
	x.putBy(v.ConnectionID)
	x.cables[0].deaf.Store(true)
	require.True(t, welcomed(t, x.all[1].resume(w, 2, "user=7&ack=1")).Resumed)
	asked := x.cables[1].claims.Load()
	require.Positive(t, asked)
	require.True(t, welcomed(t, x.all[1].resume(v, 0, "user=8")).Resumed)
	require.Equal(t, asked, x.cables[1].claims.Load(), "letters to it")
}

// Of several sockets with one token exactly one goes on with the session.
func TestOneOfManySockets(t *testing.T) {
	for _, c := range []struct {
		what  string
		where []int
		dead  bool
	}{
		{"on one other node", []int{1, 1, 1}, false},
		{"on two", []int{1, 2}, false},
		{"there and here", []int{0, 1}, false},
		{"everywhere", []int{0, 1, 2, 0, 1, 2}, false},
		{"by the vault", []int{1, 2, 1, 2}, true},
	} {
		t.Run(c.what, func(t *testing.T) {
			x := startNodes(t, 3, lasting(), plain)
			w := x.lost("user=7&ack=1")
			if c.dead {
				x.kill(0)
			}
			peers := make(chan *peer, len(c.where))
			for _, i := range c.where {
				go func() { peers <- x.all[i].tryToResume(w, 2, "user=7&ack=1") }()
			}
			live := 0
			for range c.where {
				p := take(t, peers, "a socket")
				if p.holds(w.ConnectionID) {
					live++
				}
			}
			require.Equal(t, 1, live)
		})
	}
}

// tryToResume is resume for another goroutine.
func (n *node) tryToResume(w protocol.Welcome, received int, query string) *peer {
	url := fmt.Sprintf("ws://%s/?%s&resume=%s&received=%d", n.addr, query, w.ResumeToken, received)
	conn, _, err := websocket.Dial(context.Background(), url, nil)
	if err != nil {
		return nil
	}
	return &peer{t: n.t, conn: conn}
}

// holds reports whether a socket is of a session, and not closed in favor of
// another.
func (p *peer) holds(session string) bool {
	if p == nil {
		return false
	}
	defer p.cut()
	var w protocol.Welcome
	f, ok := p.tryRead()
	if !ok || json.Unmarshal(f.Data, &w) != nil || w.ConnectionID != session {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_ = p.conn.Write(ctx, websocket.MessageText, []byte(`{"type":"ping"}`))
	for {
		f, ok := p.tryRead()
		if !ok || f.Type == protocol.TypePong {
			return ok
		}
	}
}

func (p *peer) tryRead() (f frame, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, b, err := p.conn.Read(ctx)
	return f, err == nil && json.Unmarshal(b, &f) == nil
}

// A node that has been given a session may die before it has it.
func TestTheClaimantDies(t *testing.T) {
	for next := range 3 {
		if next == 1 {
			continue
		}
		x := startNodes(t, 3, lasting(), plain)
		w := x.lost("user=7&ack=1")
		x.cables[1].deaf.Store(true) // the answer does not arrive
		require.False(t, welcomed(t, x.all[1].resume(w, 2, "user=7&ack=1")).Resumed)
		require.Equal(t, protocol.LeaveMoved, take(t, x.all[0].fake.left, "the move"))
		x.kill(1)
		p := x.all[next].resume(w, 2, "user=7&ack=1")
		require.True(t, welcomed(t, p).Resumed, "on node %d", next)
		p.expectNotes(3, 3)
		p.alive()
		p.leave()
		x.all[0].bare(0)
	}
}

// leave closes as a client does that will not be back.
func (p *peer) leave() { require.NoError(p.t, p.conn.Close(websocket.StatusNormalClosure, "")) }

// A right that ends while a session is on its way has ended where it arrives.
func TestEndingsOnTheWay(t *testing.T) {
	for _, c := range []struct {
		end  func(h *room.Hub, e *room.Entry)
		code protocol.CloseCode
	}{
		{func(h *room.Hub, e *room.Entry) { h.LoggedOut(e.TokenID) }, protocol.CloseUnauthenticated},
		{func(h *room.Hub, _ *room.Entry) { h.Removed(1, 7, protocol.LeaveRemoved) }, protocol.CloseForbidden},
		{func(h *room.Hub, _ *room.Entry) { h.RoomDeleted(1) }, protocol.CloseRoomDeleted},
	} {
		x := startNodes(t, 2, lasting(), plain)
		w := x.lost("user=7&ack=1&token=5")
		a, b := x.all[0], x.all[1]
		b.arriving.Store(ptr(func(e *room.Entry) { c.end(b.hub, e) }))
		require.Equal(t, c.code, b.resume(w, 2, "user=7&ack=1&token=6").code())
		b.bare(0)
		a.bare(0)
	}
}

func ptr[T any](v T) *T { return &v }

// A node that ends in good order leaves every session to the others.
func TestParkedSessionsGoOnElsewhere(t *testing.T) {
	const clients = 100
	x := startNodes(t, 2, lasting(), plain)
	a, b := x.all[0], x.all[1]
	var welcomes []protocol.Welcome
	for i := range clients {
		welcomes = append(welcomes, welcomed(t, a.dial(fmt.Sprintf("user=%d&ack=1&room=%d", 7+i, 1+i%9))))
	}
	a.hub.Drain()
	require.NoError(t, a.hub.Park(t.Context()))
	x.kill(0)
	for i, w := range welcomes {
		p := b.resume(w, 0, fmt.Sprintf("user=%d&ack=1&room=%d", 7+i, 1+i%9))
		got := welcomed(t, p)
		require.True(t, got.Resumed)
		require.Equal(t, w.ConnectionID, got.ConnectionID)
		require.Equal(t, protocol.TypeReconnect, p.read().Type, "which it was sent before")
	}
	b.await("suspended", 0)
}

// As long as it is there, it hands them over.
func TestANodeThatEndsHandsSessionsOver(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	p := x.all[0].dial("user=7&ack=1")
	w := welcomed(t, p)
	x.all[0].hub.Drain()
	require.Equal(t, protocol.TypeReconnect, p.read().Type)
	require.Equal(t, protocol.CloseRestart, p.code())
	p = x.all[1].resume(w, 1, "user=7&ack=1")
	require.True(t, welcomed(t, p).Resumed)
	require.Equal(t, 1, x.all[1].meter.get(room.ResumeMoved))
	p.alive()
}

// Without the vault a node serves its own, and says what it could not leave.
func TestTheVaultIsOutOfReach(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	w := x.lost("user=7&ack=1")
	x.cables[0].down.Store(true)
	p := x.all[0].resume(w, 2, "user=7&ack=1")
	require.True(t, welcomed(t, p).Resumed)
	p.expectNotes(3, 3)
	x.all[0].hub.Drain()
	require.ErrorContains(t, x.all[0].hub.Park(t.Context()), "1 sessions were not put by")
}

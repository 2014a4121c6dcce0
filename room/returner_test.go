package room_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// returner is a client that is cut and comes back, and what it is to get: frames
// of a stream come in order.
type returner struct {
	// static
	x           *schedule
	user        int64
	query       string
	acks        bool
	multiplexed bool

	peer    *peer  // nil while it has no socket
	session string // connection_id; "" if it has none
	token   string
	login   int
	rooms   map[int]bool // a multiplexed client's subscriptions

	had   []arrival           // since the welcome, read
	want  map[string][]string // not read yet, by stream
	said  int                 // the last `received`
	risky bool                // frames were perhaps written to a socket that is lost
}

type arrival struct{ stream, label string }

// answers is the stream of what is not a room's.
const answers = "answers"

func stream(roomID int) string { return fmt.Sprintf("room %d", roomID) }

func (c *returner) in(roomID int) bool {
	return c.session != "" && (!c.multiplexed && roomID == 1 || c.rooms[roomID])
}

func (c *returner) expect(stream, label string) { c.want[stream] = append(c.want[stream], label) }

func (c *returner) expected() (n int) {
	for _, labels := range c.want {
		n += len(labels)
	}
	return n
}

func (c *returner) address() string {
	return fmt.Sprintf("user=%d&token=%d&%s", c.user, c.login, c.query)
}

func (c *returner) connect() {
	c.x.serial++
	c.login = 1000 + c.x.serial
	c.peer = c.x.any().dial(c.address())
	w := welcomed(c.x.t, c.peer)
	require.False(c.x.t, w.Resumed)
	c.fresh(w)
	c.x.settled()
}

func (c *returner) fresh(w protocol.Welcome) {
	c.session, c.rooms, c.want = w.ConnectionID, map[int]bool{}, map[string][]string{}
	c.welcomed(w)
}

func (c *returner) welcomed(w protocol.Welcome) {
	c.token, c.had, c.said, c.risky = w.ResumeToken, nil, 0, false
}

// readSome reads frames that are on their way.
func (c *returner) readSome(n int) {
	for range n {
		if c.peer != nil {
			c.take(c.peer.read())
		}
	}
}

func (c *returner) take(f frame) {
	got := arrival{answers, string(f.Type)}
	switch {
	case f.Type == protocol.TypeTyping:
		var n string
		require.NoError(c.x.t, json.Unmarshal(note(c.x.t, f), &n))
		got = arrival{stream(int(f.RoomID)), "note " + n}
	case f.ID != nil && (*f.ID)[0] == 'a':
		got = arrival{stream(int(f.RoomID)), *f.ID}
	case f.ID != nil:
		got.label = *f.ID
	}
	require.NotEmpty(c.x.t, c.want[got.stream], "user %d: %v", c.user, got)
	require.Equal(c.x.t, c.want[got.stream][0], got.label, "user %d, %s", c.user, got.stream)
	c.want[got.stream] = c.want[got.stream][1:]
	c.had = append(c.had, got)
}

// speak has the room answer.
func (c *returner) speak() {
	for roomID := 1; roomID <= roomsOfSchedule; roomID++ {
		if c.peer == nil || !c.in(roomID) {
			continue
		}
		c.x.serial++
		id := fmt.Sprintf("a%d", c.x.serial)
		c.peer.send(fmt.Sprintf(`{"type":"typing","id":%q,"room_id":%d}`, id, roomID))
		take(c.x.t, c.x.heard, "the room's answer")
		c.expect(stream(roomID), id)
	}
}

// acknowledge says what it has had, or less.
func (c *returner) acknowledge() {
	if c.peer == nil || !c.acks {
		return
	}
	n := c.x.rng.IntN(len(c.had) + 1)
	c.said = max(c.said, n)
	c.peer.send(fmt.Sprintf(`{"type":"received","data":{"n":%d}}`, n))
}

// toggle subscribes to a room or unsubscribes from it.
func (c *returner) toggle(roomID int) {
	if c.peer == nil || !c.multiplexed {
		return
	}
	c.readSome(c.expected())
	c.x.serial++
	id, what := fmt.Sprintf("s%d", c.x.serial), "subscribe"
	if c.rooms[roomID] {
		what = "unsubscribe"
	}
	c.expect(answers, id)
	c.take(c.peer.ask(fmt.Sprintf(`{"type":%q,"id":%q,"data":{"room_id":%d,"channel":"chat"}}`, what, id, roomID)))
	c.rooms[roomID] = !c.rooms[roomID]
}

func (c *returner) cut() {
	if c.peer != nil {
		c.risky = c.risky || c.expected() > 0
		c.peer.cut()
		c.peer = nil
		if c.x.rng.IntN(2) == 0 {
			c.noticed()
		} else { // what is sent now may be written all the same
			c.risky = true
		}
	}
}

// noticed waits until the node has noticed who is cut.
func (c *returner) noticed() {
	require.Eventually(c.x.t, func() bool { return c.x.suspended() == c.x.away() }, patience, time.Millisecond)
}

// comeBack resumes the session, from a socket that is lost or one that is not. The
// client may count less than it had, and get the rest again.
func (c *returner) comeBack() {
	if c.session == "" {
		c.connect()
		return
	}
	old := c.peer
	c.risky = c.risky || old != nil && c.expected() > 0
	n := len(c.had)
	if c.x.rng.IntN(3) == 0 {
		n = c.x.rng.IntN(n + 1)
	}
	for range c.x.rng.IntN(3) { // welcomes that are lost
		c.returned(n).cut()
		c.risky = true
	}
	if c.x.rng.IntN(4) == 0 { // what is missed on the way
		c.risky = c.risky || old != nil
		c.x.broadcast(1 + c.x.rng.IntN(roomsOfSchedule))
	}
	c.peer = c.returned(n)
	w := welcomed(c.x.t, c.peer)
	c.mayHave(w.Resumed, n)
	if !w.Resumed {
		require.NotEqual(c.x.t, c.session, w.ConnectionID)
		c.fresh(w)
	} else {
		require.Equal(c.x.t, c.session, w.ConnectionID)
		for _, a := range slices.Backward(c.had[n:]) {
			c.want[a.stream] = append([]string{a.label}, c.want[a.stream]...)
		}
		c.welcomed(w)
		c.boarded()
	}
	if old != nil {
		require.Equal(c.x.t, protocol.CloseReplaced, old.code())
	}
	c.x.settled()
}

// boarded waits until the client is in its rooms again: the fake behavior replays
// nothing of what is said on the way.
func (c *returner) boarded() {
	for roomID := 1; roomID <= roomsOfSchedule; roomID++ {
		if c.in(roomID) {
			require.Eventually(c.x.t, func() bool { return c.x.has(int64(roomID), c.session) }, patience, time.Millisecond, "user %d, room %d", c.user, roomID)
		}
	}
}

func (c *returner) returned(n int) *peer {
	return c.x.any().dial(fmt.Sprintf("%s&resume=%s&received=%d", c.address(), c.token, n))
}

// mayHave requires that a client resumes where it must, and not where it cannot.
func (c *returner) mayHave(resumed bool, n int) {
	c.x.t.Helper()
	switch {
	case c.acks && n >= c.said:
		require.True(c.x.t, resumed, "user %d: all since %d is kept", c.user, n)
	case c.acks:
	case n < len(c.had):
		require.False(c.x.t, resumed, "user %d: nothing is kept", c.user)
	case !c.risky:
		require.True(c.x.t, resumed, "user %d: nothing was lost", c.user)
	}
}

// rare is what ends a session.
func (c *returner) rare(what int) {
	switch {
	case c.session == "":
		c.connect()
	case what == 0 && c.peer != nil:
		c.leave()
	case what == 1:
		c.x.any().hub.LoggedOut(int64(c.login))
		if c.peer != nil {
			require.Equal(c.x.t, protocol.CloseUnauthenticated, c.peer.code())
		}
		c.gone()
	case what == 2 && c.peer == nil:
		c.noticed()
		for _, n := range c.x.nodes {
			n.hub.Expire(c.user)
		}
		c.gone()
	}
}

func (c *returner) leave() {
	require.NoError(c.x.t, c.peer.conn.Close(websocket.StatusNormalClosure, ""))
	c.gone()
}

func (c *returner) gone() {
	c.session, c.peer, c.want = "", nil, nil
	c.x.settled()
}

package chat_test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// gate stops a reader of the store after it has looked, until it is opened.
type gate struct {
	reached chan struct{}
	opened  chan struct{}
	open    func() // once or more
}

func newGate(t *testing.T) gate {
	g := gate{reached: make(chan struct{}, 100), opened: make(chan struct{})}
	g.open = sync.OnceFunc(func() { close(g.opened) })
	t.Cleanup(g.open)
	return g
}

func (g gate) pass() {
	g.reached <- struct{}{}
	<-g.opened
}

// onFirst passes a gate the first time only.
func (g gate) onFirst(n int) {
	if n == 1 {
		g.pass()
	}
}

func TestMessageDuringTheLoadingOfARoom(t *testing.T) {
	n := start(t, newFakeStore(5))
	g := newGate(t)
	n.store.look("RoomHeads", g.onFirst)
	all, some, live := n.dial("user=1&since=0"), n.dial("user=2&since=5"), n.dial("user=3")
	take(t, g.reached, "the loading")
	n.present(3)
	n.post(3) // after the store was looked at, before the room knows
	g.open()
	all.expect(protocol.TypeWelcome)
	all.seqs(1, 8)
	all.expect(protocol.TypePresenceState)
	some.expect(protocol.TypeWelcome)
	some.seqs(6, 8)
	some.expect(protocol.TypePresenceState)
	require.Contains(t, string(live.expect(protocol.TypeWelcome).Data), `"last_seq":8`)
	live.expect(protocol.TypePresenceState)
	n.post(1)
	for _, p := range []*peer{all, some, live} {
		p.seqs(9, 9)
	}
}

// Messages that are delivered while a page is being read follow it.
func TestMessageDuringAReplay(t *testing.T) {
	n := start(t, newFakeStore(5))
	n.enter("user=3")
	g := newGate(t)
	n.store.look("MessagesAfter", g.onFirst)
	p := n.dial("user=4&since=2")
	take(t, g.reached, "the replay")
	n.post(3)
	g.open()
	p.expect(protocol.TypeWelcome)
	p.seqs(3, 8)
	p.expect(protocol.TypePresenceState)
	n.post(1)
	p.seqs(9, 9)
	p.still()
}

// Messages that are delivered after a page was asked for, and before it is read,
// are in it and do not follow it.
func TestMessageBeforeAPageIsRead(t *testing.T) {
	n := start(t, newFakeStore(5))
	n.enter("user=3")
	g := newGate(t)
	n.store.look("before MessagesAfter", g.onFirst)
	p := n.dial("user=4&since=2")
	take(t, g.reached, "the replay")
	n.post(3)
	g.open()
	p.expect(protocol.TypeWelcome)
	p.seqs(3, 8)
	p.expect(protocol.TypePresenceState)
	p.still()
}

// A page may hold messages that were not delivered yet: they do not come twice.
func TestReplayAheadOfTheDeliveries(t *testing.T) {
	n := start(t, newFakeStore(5))
	other := n.enter("user=3")
	n.store.hold()
	n.postHeld(4) // 6 to 9 are stored
	p := n.dial("user=4&since=4")
	p.expect(protocol.TypeWelcome)
	p.seqs(5, 9)
	p.expect(protocol.TypePresenceState)
	other.expect(protocol.TypeUserOnline)
	var w protocol.Welcome
	require.NoError(t, json.Unmarshal(n.dial("user=4&since=9").expect(protocol.TypeWelcome).Data, &w))
	require.EqualValues(t, 9, *w.LastSeq, "what a client has is there")
	n.store.release(2)
	other.seqs(6, 7)
	p.still()
	n.store.release(-1)
	n.post(2)
	other.seqs(8, 11)
	p.seqs(10, 11)

	n.store.hold()
	n.postHeld(2)                      // 12 and 13
	again := n.dial("user=5&since=12") // one that has seen 12 by another node, or a page ahead
	again.expect(protocol.TypeWelcome)
	again.expect(protocol.TypePresenceState)
	n.store.release(-1)
	n.post(1)
	again.seqs(13, 14)
	again.still()
}

// What is delivered while a page is being read is kept up to a bound; beyond, it
// is read from the store.
func TestMoreDuringAReplayThanIsKept(t *testing.T) {
	n := start(t, newFakeStore(5))
	n.enter("user=3")
	g := newGate(t)
	n.store.look("MessagesAfter", g.onFirst)
	p := n.dial("user=4&since=0")
	take(t, g.reached, "the replay")
	n.post(250)
	g.open()
	p.expect(protocol.TypeWelcome)
	p.seqs(1, 255)
	p.expect(protocol.TypePresenceState)
	p.still()
}

// However steadily others write, a replay ends.
func TestReplayEndsUnderSteadyWriting(t *testing.T) {
	n := start(t, newFakeStore(1))
	n.enter("user=3")
	n.store.look("MessagesAfter", func(int) { n.post(2) }) // each time more than there was
	p := n.dial("user=4&since=0")
	p.expect(protocol.TypeWelcome)
	p.seqs(1, 3)
	p.expect(protocol.TypePresenceState)
	n.post(1)
	p.seqs(4, 4)
}

// One who knows messages that are not there waits for none of them.
func TestSinceBeyondTheStore(t *testing.T) {
	n := start(t, newFakeStore(5))
	n.enter("user=3")
	g := newGate(t)
	p := n.dial("user=4&since=500")
	p.expect(protocol.TypeWelcome)
	p.expect(protocol.TypePresenceState)
	n.post(1)
	p.seqs(6, 6)

	n.store.look("RoomByID", func(int) { g.pass() })
	p = n.dial("user=5&since=500")
	take(t, g.reached, "the look")
	n.post(2) // after it: new to everybody
	g.open()
	p.expect(protocol.TypeWelcome)
	p.seqs(7, 8)
	p.expect(protocol.TypePresenceState)
	p.still()
}

// Events of the room wait for a session that catches up; typing and comings and
// goings it is spared.
func TestEventsDuringAReplay(t *testing.T) {
	n := start(t, newFakeStore(5))
	other := n.enter("user=2")
	g := newGate(t)
	n.store.look("MessagesAfter", g.onFirst)
	p := n.dial("user=4&since=0")
	take(t, g.reached, "the replay")
	other.expect(protocol.TypeUserOnline)
	other.send(`{"type":"message_read","data":{"message_id":1002}}`)
	other.expect(protocol.TypeMessageRead)
	other.send(`{"type":"typing"}`)
	n.enter("user=5")
	other.expect(protocol.TypeUserOnline)
	p.expect(protocol.TypeWelcome)
	p.send(`{"type":"chat_message","id":"mine","data":{"content":"I can speak"}}`)
	require.Equal(t, "mine", *p.expect(protocol.TypeAck).ID, "before it has caught up")
	g.open()
	p.seqs(1, 6)
	require.Contains(t, string(p.expect(protocol.TypePresenceState).Data), `"count":3`)
	p.expect(protocol.TypeMessageRead)
	p.still()
}

func TestGoneDuringAReplay(t *testing.T) {
	n := start(t, newFakeStore(5))
	other := n.enter("user=2")
	g := newGate(t)
	n.store.look("MessagesAfter", g.onFirst)
	p := n.dial("user=4&since=0")
	take(t, g.reached, "the replay")
	other.expect(protocol.TypeUserOnline)
	require.NoError(t, p.conn.CloseNow())
	other.expect(protocol.TypeUserOffline)
	g.open()
	n.post(1)
	other.seqs(6, 6)
}

// The last is closed while the room is being loaded, and somebody else comes:
// what was asked for the one room is not told to the other.
func TestRoomMadeAnewWhileLoading(t *testing.T) {
	n := start(t, newFakeStore(5))
	first, second := newGate(t), newGate(t)
	n.store.look("RoomHeads", func(i int) {
		if i == 1 {
			first.pass()
		} else {
			second.pass()
		}
	})
	gone := n.dial("user=4")
	take(t, first.reached, "the first loading")
	n.hub.LoggedOut(4)
	require.Equal(t, protocol.CloseUnauthenticated, gone.code())
	p := n.dial("user=5&since=5")
	take(t, second.reached, "the second loading")
	first.open()
	n.post(1)
	second.open()
	p.expect(protocol.TypeWelcome)
	p.seqs(6, 6)
	p.expect(protocol.TypePresenceState)
	n.post(1)
	p.seqs(7, 7)
}

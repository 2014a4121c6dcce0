package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// atStore waits until so many writes wait at the store.
func (n *node) atStore(want int) {
	n.t.Helper()
	require.Eventually(n.t, func() bool { return n.store.waiting() == want }, patience, time.Millisecond,
		"%d writes at the store", want)
}

// A session is read from until 64 of its frames are at the store, and again
// when half of them are done.
func TestBusySessionIsNotReadFrom(t *testing.T) {
	n := start(t, newFakeStore(0))
	p, other := n.enter("user=1"), n.enter("user=2")
	p.expect(protocol.TypeUserOnline)
	n.store.hold()
	for i := range 200 {
		p.send(fmt.Sprintf(`{"type":"chat_message","id":"%d","data":{"content":"x"}}`, i))
	}
	n.atStore(64)
	other.still() // of others it is
	n.store.release(31)
	n.turn()
	n.atStore(33)
	n.store.release(1)
	n.atStore(64)
	n.store.release(-1)
	other.seqs(1, 200)
	for i := range 200 {
		for f := p.read(); ; f = p.read() {
			if f.Type == protocol.TypeAck {
				require.Equal(t, fmt.Sprint(i), *f.ID)
				break
			}
		}
	}
}

// So is one with little of much: 32 KiB at most, and the message that passes it.
func TestBusySessionWithLargeMessages(t *testing.T) {
	n := start(t, newFakeStore(0))
	p := n.enter("user=1")
	n.store.hold()
	for range 9 {
		p.send(`{"type":"chat_message","data":{"content":"` + strings.Repeat("\U0001f600", 4000) + `"}}`)
	}
	for range 3 {
		n.atStore(3) // of 16,000 bytes
		n.store.release(2)
	}
	n.atStore(3)
	n.store.release(-1)
	p.seqs(1, 9)
	p.still()
}

// Edits are looked up before they are stored; what follows them waits, even as
// writes from before are done meanwhile.
func TestFramesAfterAnEditWait(t *testing.T) {
	n := start(t, newFakeStore(1))
	p := n.enter("user=1")
	g := newGate(t)
	n.store.look("MessageByID", g.onFirst)
	n.store.hold()
	for range 40 {
		p.send(`{"type":"chat_message","data":{"content":"before"}}`)
	}
	p.send(`{"type":"message_edit","data":{"message_id":1001,"content":"first"}}`)
	p.send(`{"type":"message_edit","data":{"message_id":1001,"content":"second"}}`)
	take(t, g.reached, "the look-up")
	n.atStore(40)
	n.store.release(-1) // passes half of the bound on the way
	p.seqs(2, 41)
	g.open()
	require.Contains(t, string(p.expect(protocol.TypeMessageEdit).Data), `"content":"first"`)
	require.Contains(t, string(p.expect(protocol.TypeMessageEdit).Data), `"content":"second"`)
	p.still()
}

package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/chat"
	"parley/protocol"
)

func patient(c *chat.Config) { c.GapWait = time.Hour }

// send has a node store a message of user 2.
func (n *node) send(content string) protocol.Message {
	n.t.Helper()
	m, _, err := n.chat.Send(context.Background(), userOf(2), 1, protocol.SendMessage{Content: &content})
	require.NoError(n.t, err)
	return m
}

// changed requires an event of a message, and returns its content.
func (p *peer) changed(typ protocol.Type, seq int64) string {
	p.t.Helper()
	var m protocol.Message
	require.NoError(p.t, json.Unmarshal(p.expect(typ).Data, &m))
	require.Equal(p.t, seq, m.Seq)
	return m.Content
}

// reads is how often a method of the store was called.
func (f *fakeStore) reads(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

// What comes too early waits for what was published before it, and the store is not
// asked if that comes in time.
func TestNewsOutOfOrder(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(0), nil, patient)
	a, b := ns.all[0], ns.all[1]
	pa, pb := a.enter("user=1"), b.enter("user=1")
	ns.valves[1].close(false)
	a.post(3)
	pa.seqs(1, 3)
	require.Eventually(t, func() bool { return ns.valves[1].holding() == 3 }, patience, time.Millisecond)
	b.post(2)
	pa.seqs(4, 5)
	pb.still()
	ns.valves[1].open(0)
	pb.seqs(1, 5)
	_, byNews, byStore := ns.meters[1].counted()
	require.Equal(t, []int{1, 0}, []int{byNews, byStore})
	require.Zero(t, ns.store.reads("MessagesAfter"))
}

// A message of this node's own reveals that others were lost.
func TestOwnMessageBehindLostOnes(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(0), nil, nil)
	pb := ns.all[1].enter("user=1")
	ns.valves[1].close(true)
	ns.all[0].post(150) // more than a page
	pb.still()
	ns.all[1].post(1)
	pb.seqs(1, 151)
	_, byNews, byStore := ns.meters[1].counted()
	require.Equal(t, []int{0, 1}, []int{byNews, byStore})
}

// The last message of a room has nothing behind it that would reveal its loss.
func TestLostLastMessageIsSweptUp(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(0), nil, nil)
	pb := ns.all[1].enter("user=1")
	ns.valves[1].close(true)
	ns.all[0].post(1)
	pb.still()
	ns.sweep()
	pb.seqs(1, 1)
}

// A store that fails too is asked until it answers.
func TestRepairWhileTheStoreFails(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(0), nil, nil)
	pb := ns.all[1].enter("user=1")
	ns.valves[1].close(true)
	ns.all[0].post(2)
	for _, method := range []string{"RoomHeads", "MessagesAfter"} {
		failed := make(chan int, 100)
		ns.store.look(method, func(n int) { failed <- n })
		ns.store.fail(method, errDisk)
		ns.sweep()
		take(t, failed, "a failure")
		pb.still()
		ns.store.fail(method, nil)
	}
	pb.seqs(1, 2)
}

// Nobody hears of a change before they have the message.
func TestChangeWaitsForItsMessage(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(0), nil, patient)
	a, b := ns.all[0], ns.all[1]
	pa, pb := a.enter("user=2"), b.enter("user=2")
	ns.valves[1].close(false)
	m := a.send("first")
	pa.seqs(1, 1)
	pa.send(fmt.Sprintf(`{"type":"message_edit","data":{"message_id":%d,"content":"second"}}`, m.ID))
	pa.changed(protocol.TypeMessageEdit, 1)
	pa.send(fmt.Sprintf(`{"type":"message_read","data":{"message_id":%d}}`, m.ID))
	pa.expect(protocol.TypeMessageRead)
	require.Eventually(t, func() bool { return ns.valves[1].holding() == 3 }, patience, time.Millisecond)
	ns.valves[1].open(1)
	pb.still()
	b.post(1) // which is behind it
	pb.still()
	a.hub.Publish(1, protocol.ChannelChat, 1, []byte("\xe9\x07\x01\x00"+`{"type":"chat_message","data":{"id":1001,"seq":1,"content":"first"}}`))
	require.Equal(t, "first", pb.changed(protocol.TypeChatMessage, 1))
	pb.seqs(2, 2)
	require.Equal(t, "second", pb.changed(protocol.TypeMessageEdit, 1))
	pb.expect(protocol.TypeMessageRead)
}

// A change that comes with a message which was read from the store has been told.
func TestChangeOfARepairedMessageIsToldOnce(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(0), nil, nil)
	pa, pb := ns.all[0].enter("user=2"), ns.all[1].enter("user=2")
	ns.valves[1].close(false)
	m := ns.all[0].send("first")
	pa.seqs(1, 1)
	pa.send(fmt.Sprintf(`{"type":"message_edit","data":{"message_id":%d,"content":"second"}}`, m.ID))
	pa.changed(protocol.TypeMessageEdit, 1)
	require.Eventually(t, func() bool { return ns.valves[1].holding() == 2 }, patience, time.Millisecond)
	ns.valves[1].open(1)
	require.Equal(t, "second", pb.changed(protocol.TypeChatMessage, 1))
	pb.still()
	ns.sweep()
	ns.all[0].post(1)
	pb.seqs(2, 2)
	pb.still()
}

// Of two changes on two nodes the older is not told after the newer.
func TestChangesThatCross(t *testing.T) {
	ns := startNodes(t, 3, newFakeStore(1), nil, nil)
	pa, pb, pc := ns.all[0].enter("user=1"), ns.all[1].enter("user=1"), ns.all[2].enter("user=1")
	edit := `{"type":"message_edit","data":{"message_id":1001,"content":%q}}`
	ns.valves[2].close(false)
	for i := range 3 {
		pa.send(fmt.Sprintf(edit, fmt.Sprint("older ", i)))
		pa.changed(protocol.TypeMessageEdit, 1)
		pb.changed(protocol.TypeMessageEdit, 1)
	}
	require.Eventually(t, func() bool { return ns.valves[2].holding() == 3 }, patience, time.Millisecond)
	pb.send(fmt.Sprintf(edit, "newer"))
	pb.changed(protocol.TypeMessageEdit, 1)
	require.Eventually(t, func() bool { return ns.valves[2].holding() == 4 }, patience, time.Millisecond)
	v := ns.valves[2]
	v.mu.Lock()
	v.kept = append(v.kept[3:], v.kept[:3]...)
	v.mu.Unlock()
	v.open(0)
	require.Equal(t, "newer", pc.changed(protocol.TypeMessageEdit, 1))
	pc.still()
	ns.sweep()
	ns.all[0].post(1)
	pc.seqs(2, 2)
	pc.still()
}

// After an interruption of the bus all that was missed comes at once: messages, and
// changes of those that were there before.
func TestInterruptedBus(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(1), nil, nil)
	pa, pb := ns.all[0].enter("user=1"), ns.all[1].enter("user=1")
	ns.valves[1].close(true)
	pa.send(`{"type":"message_edit","data":{"message_id":1001,"content":"else"}}`)
	pa.changed(protocol.TypeMessageEdit, 1)
	ns.all[0].post(1)
	pa.seqs(2, 2)
	pa.send(`{"type":"message_delete","data":{"message_id":1002}}`)
	pa.changed(protocol.TypeMessageDelete, 2)
	pb.still()
	ns.valves[1].open(0)
	ns.valves[1].interrupted()
	require.Equal(t, "else", pb.changed(protocol.TypeMessageEdit, 1))
	require.Empty(t, pb.changed(protocol.TypeChatMessage, 2))
	pb.still()
}

// A node that did not hear of a room's deletion finds that it is gone.
func TestDeletedRoomIsSweptUp(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(0), nil, nil)
	pb := ns.all[1].enter("user=1")
	ns.store.mu.Lock()
	ns.store.deleted = true
	ns.store.mu.Unlock()
	ns.sweep()
	require.Equal(t, protocol.CloseRoomDeleted, pb.code())
}

// Who is typing is seen by the others on all nodes, but not by themselves.
func TestTypingOnAnotherNode(t *testing.T) {
	ns := startNodes(t, 2, newFakeStore(0), nil, nil)
	pa, other, self := ns.all[0].enter("user=1"), ns.all[1].enter("user=2"), ns.all[1].enter("user=1")
	pa.expect(protocol.TypeUserOnline)
	pa.send(`{"type":"typing","data":{"note":"long"}}`)
	require.Contains(t, string(other.expect(protocol.TypeTyping).Data), `"note":"long"`)
	self.still()
}

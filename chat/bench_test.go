package chat_test

import (
	"testing"

	"parley/protocol"
)

// BenchmarkDeliver is what a room does with a message of its own node's, but for
// the sockets: its one session is held, because its replay has to wait.
func BenchmarkDeliver(b *testing.B) {
	n := start(b, newFakeStore(1))
	waiting, opened := make(chan struct{}), make(chan struct{})
	n.store.look("before MessagesAfter", func(i int) {
		if i == 1 {
			close(waiting)
		}
		<-opened
	})
	defer close(opened)
	n.dial("user=1&since=0")
	<-waiting
	const batch = 1000
	m := protocol.Message{ID: 7, Seq: 2, RoomID: 1, Author: userOf(2), Content: "What is said is mostly short."}
	done := make(chan struct{})
	b.ReportAllocs()
	for b.Loop() {
		n.chat.Deliver(m, batch, func() { done <- struct{}{} })
		<-done
		m.Seq += batch
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batch, "ns/message")
}

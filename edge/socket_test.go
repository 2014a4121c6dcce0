package edge_test

import (
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

// socket is a handler that tells the test what it is told. It checks what every
// handler may rely on: no call comes within another, none after Closed.
type socket struct {
	conn      *edge.Conn
	onReceive func(k *socket, text string)
	onDrained func(k *socket)

	received chan string
	closed   chan edge.Closure

	busy      bool
	closings  int
	faults    []string
	left      remainder // when Closed was called
	abandoned bool      // Closed is not to come
}

func (k *socket) enter(call string) func() {
	if k.busy {
		k.faults = append(k.faults, call+" within another call")
	}
	if k.closings > 0 {
		k.faults = append(k.faults, call+" after Closed")
	}
	k.busy = true
	return func() { k.busy = false }
}

func (k *socket) Receive(payload []byte) {
	defer k.enter("Receive")()
	k.received <- string(payload)
	k.onReceive(k, string(payload))
}

func (k *socket) Drained() {
	defer k.enter("Drained")()
	k.onDrained(k)
}

func (k *socket) Closed(c edge.Closure) {
	defer k.enter("Closed")()
	k.closings++
	k.left = remaining(k.conn)
	k.closed <- c
}

// do calls fn on the socket's shard, as if from a handler, and waits for it.
func (k *socket) do(t *testing.T, fn func(c *edge.Conn)) {
	t.Helper()
	run(t, k.conn.Shard(), func() {
		k.busy = true
		defer func() { k.busy = false }()
		fn(k.conn)
	})
}

func (k *socket) send(t *testing.T, text string) {
	t.Helper()
	k.do(t, func(c *edge.Conn) { c.Send(edge.TextOf([]byte(text))) })
}

// end waits for the socket's end and checks that the handler was well treated.
func (k *socket) end(t *testing.T) edge.Closure {
	t.Helper()
	how := take(t, k.closed, "Handler.Closed")
	var faults []string
	run(t, k.conn.Shard(), func() { faults = k.faults })
	require.Empty(t, faults)
	return how
}

// echo sends back whatever comes.
func echo(k *socket) {
	k.onReceive = func(k *socket, text string) { k.conn.Send(edge.TextOf([]byte(text))) }
}

// meter counts what the edge observes.
type meter struct {
	mu         sync.Mutex
	handshakes map[string]int
	closes     map[uint16]int
	dropped    map[string]int
	open       int
	in, out    int

	rtt chan time.Duration
}

func newMeter() *meter {
	return &meter{
		handshakes: map[string]int{}, closes: map[uint16]int{}, dropped: map[string]int{},
		rtt: make(chan time.Duration, 1024),
	}
}

func (m *meter) with(fn func(m *meter)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fn(m)
}

func (m *meter) Handshake(result string) { m.with(func(m *meter) { m.handshakes[result]++ }) }
func (m *meter) Opened()                 { m.with(func(m *meter) { m.open++ }) }
func (m *meter) Closed(code uint16)      { m.with(func(m *meter) { m.open--; m.closes[code]++ }) }
func (m *meter) BytesIn(n int)           { m.with(func(m *meter) { m.in += n }) }
func (m *meter) BytesOut(n int)          { m.with(func(m *meter) { m.out += n }) }
func (m *meter) Dropped(reason string, n int) {
	m.with(func(m *meter) { m.dropped[reason] += n })
}
func (m *meter) RTT(d time.Duration) { m.rtt <- d }

// handshook waits for the counts: a client may have its answer a moment before
// it is counted.
func (m *meter) handshook(t *testing.T, want map[string]int) {
	t.Helper()
	var got map[string]int
	require.Eventually(t, func() bool {
		m.with(func(m *meter) { got = maps.Clone(m.handshakes) })
		return maps.Equal(want, got)
	}, patience, time.Millisecond, "handshakes: want %v", want)
}

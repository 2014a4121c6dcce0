package room_test

import (
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"parley/protocol"
	"parley/room"
)

// benchMembers is how many sockets the benchmarks' room has.
const benchMembers = 1000

// benchTurn is how many broadcasts are made in one turn of the room's shard.
const benchTurn = 16

// BenchmarkBroadcast makes broadcasts of 200 bytes, sixteen a turn, to a room of
// a thousand sockets; what they receive is thrown away off the clock. ns/op is
// of one broadcast, until all is written; queue-ns/delivery is what the room's
// shard alone spends on each receiver before it writes, cpu-ns/delivery what the
// process does, all told.
func BenchmarkBroadcast(b *testing.B) {
	for _, c := range []struct {
		name  string
		shift func(i int) int // how many shards behind the room's the i-th socket is
	}{
		{"here", func(int) int { return 0 }},
		{"half here", func(i int) int { return i % 2 }},
		{"elsewhere", func(int) int { return 1 }},
	} {
		b.Run(c.name, func(b *testing.B) { benchBroadcast(b, c.shift) })
	}
}

func benchBroadcast(b *testing.B, shift func(i int) int) {
	n := start(b, room.Config{Logger: slog.New(slog.DiscardHandler), Meter: room.Unmetered{}}, &fake{})
	var clients []int
	for i := range benchMembers {
		clients = append(clients, n.connect(fmt.Sprintf("user=%d&shift=%d", i+1, shift(i))))
	}
	b.Cleanup(func() {
		for _, fd := range clients {
			_ = unix.Close(fd)
		}
	})
	f := room.Encode(protocol.TypeChatMessage, 1, protocol.Typing{Note: strings.Repeat("x", 130)})
	sink := make([]byte, 1<<18)
	var queueing, busy time.Duration
	made := 0
	b.ReportAllocs()
	b.ResetTimer()
	for ; made < b.N; made += benchTurn {
		started := cpu()
		n.in(1, func(r *room.Room) {
			began := time.Now()
			for range benchTurn {
				r.Broadcast(protocol.ChannelChat, f)
			}
			queueing += time.Since(began)
		})
		n.settled()
		b.StopTimer()
		busy += cpu() - started
		for _, fd := range clients {
			_, _ = unix.Read(fd, sink)
		}
		b.StartTimer()
	}
	deliveries := float64(made * benchMembers)
	b.ReportMetric(float64(queueing.Nanoseconds())/deliveries, "queue-ns/delivery")
	b.ReportMetric(float64(busy.Nanoseconds())/deliveries, "cpu-ns/delivery")
}

// cpu is what the process has used.
func cpu() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// settled waits until the shards, the room's first, have finished their turns.
func (n *node) settled() {
	shards := n.edge.Shards()
	for i := range shards {
		s := shards[(1+i)%len(shards)]
		done := make(chan struct{})
		s.Post(func() { s.Post(func() { close(done) }) })
		<-done
	}
}

// connect opens a socket whose client is a bare descriptor: it costs the
// benchmark no goroutine.
func (n *node) connect(query string) int {
	n.t.Helper()
	fd, _ := n.connectFor(query)
	return fd
}

// connectFor is connect for who wants to know what came first: the welcome, and
// perhaps more.
func (n *node) connectFor(query string) (fd int, said string) {
	n.t.Helper()
	addr, err := net.ResolveTCPAddr("tcp", n.addr)
	require.NoError(n.t, err)
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(n.t, err)
	require.NoError(n.t, unix.Connect(fd, &unix.SockaddrInet4{Port: addr.Port, Addr: [4]byte(addr.IP.To4())}))
	_, err = fmt.Fprintf(descriptor(fd), "GET /?%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", query)
	require.NoError(n.t, err)
	answer := make([]byte, 4096)
	for !strings.Contains(said, `"features"`) { // at the welcome's end
		k, err := unix.Read(fd, answer)
		require.NoError(n.t, err)
		require.NotZero(n.t, k)
		said += string(answer[:k])
	}
	return fd, said
}

// descriptor writes to a descriptor.
type descriptor int

func (d descriptor) Write(b []byte) (int, error) { return unix.Write(int(d), b) }

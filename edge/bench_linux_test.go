package edge_test

import (
	"context"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"parley/edge"
)

// bench is an edge that lets everyone in, behind a real listener.
func bench(b *testing.B, wrap func(net.Listener) net.Listener) (opened chan *edge.Conn, port int) {
	b.Helper()
	opened = make(chan *edge.Conn, 1<<14)
	var e *edge.Edge
	e, err := edge.New(edge.Config{Shards: 1}, promptGate{func(context.Context, *edge.Request) edge.Admission {
		return edge.Admission{Shard: e.Shards()[0], Open: func(c *edge.Conn) edge.Handler {
			opened <- c
			return idle{}
		}}
	}})
	require.NoError(b, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	front, err := e.Listen(wrap(l))
	require.NoError(b, err)
	server := &http.Server{Handler: e, ReadHeaderTimeout: patience}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(front)
	}()
	b.Cleanup(func() {
		_ = server.Close()
		<-served
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_ = e.Stop(ctx)
	})
	return opened, l.Addr().(*net.TCPAddr).Port
}

// crowd opens n sockets whose clients are bare descriptors, so that what the
// process then holds is the server's.
func crowd(b *testing.B, n int) (conns []*edge.Conn, clients []int) {
	b.Helper()
	opened, port := bench(b, func(l net.Listener) net.Listener { return l })
	b.Cleanup(func() { closeAll(clients) })
	for range n {
		fd := connect(b, port)
		request(b, fd)
		answered(b, fd)
		clients = append(clients, fd)
		conns = append(conns, <-opened)
	}
	return conns, clients
}

func connect(b *testing.B, port int) int {
	b.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(b, err)
	require.NoError(b, unix.Connect(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}))
	return fd
}

func request(b *testing.B, fd int) {
	b.Helper()
	_, err := unix.Write(fd, []byte(opening))
	require.NoError(b, err)
}

func answered(b *testing.B, fd int) {
	b.Helper()
	answer := make([]byte, 512)
	n, err := unix.Read(fd, answer)
	require.NoError(b, err)
	require.True(b, strings.HasSuffix(string(answer[:n]), "\r\n\r\n"), "%q", answer[:n])
}

func closeAll(fds []int) {
	for _, fd := range fds {
		_ = unix.Close(fd)
	}
}

// BenchmarkJoin is the whole of a handshake, both ends of it, for a hundred
// sockets at a time: by the shard, and by way of net/http.
func BenchmarkJoin(b *testing.B) {
	for name, wrap := range map[string]func(net.Listener) net.Listener{
		"shard":    func(l net.Listener) net.Listener { return l },
		"net_http": func(l net.Listener) net.Listener { return opaque{l} },
	} {
		b.Run(name, func(b *testing.B) {
			opened, port := bench(b, wrap)
			b.ReportAllocs()
			var clients [100]int
			before := cpuTime(b)
			for b.Loop() {
				for i := range clients {
					clients[i] = connect(b, port)
				}
				for _, fd := range clients {
					request(b, fd)
				}
				for _, fd := range clients {
					answered(b, fd)
					<-opened
				}
				closeAll(clients[:])
			}
			joins := float64(b.N * len(clients))
			b.ReportMetric(float64((cpuTime(b)-before).Nanoseconds())/joins, "cpu-ns/join")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/joins, "ns/join")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u unix.Rusage
	require.NoError(b, unix.Getrusage(unix.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

type idle struct{}

func (idle) Receive([]byte)      {}
func (idle) Drained()            {}
func (idle) Closed(edge.Closure) {}

// BenchmarkBroadcast sends one frame to a thousand sockets, one write each, and
// reads it off them every now and then.
func BenchmarkBroadcast(b *testing.B) {
	const n = 1000
	conns, clients := crowd(b, n)
	shard := conns[0].Shard()
	f := edge.TextOf(make([]byte, 200))
	sink := make([]byte, 1<<16)
	done := make(chan struct{})
	b.ReportAllocs()
	turns := 0
	for b.Loop() {
		shard.Post(func() {
			for _, c := range conns {
				c.Send(f)
			}
		})
		shard.Post(func() { shard.Post(func() { done <- struct{}{} }) }) // in the next turn: all is written
		<-done
		if turns++; turns%100 == 0 {
			b.StopTimer()
			for _, fd := range clients {
				_, _ = unix.Read(fd, sink)
			}
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "deliveries/s")
}

// BenchmarkIdleSocket reports what a socket costs this process that has nothing
// to say.
func BenchmarkIdleSocket(b *testing.B) {
	const n = 2000
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		conns, clients := crowd(b, n)
		runtime.GC()
		runtime.GC() // pooled buffers of the handshakes live for two
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(conns)
		runtime.KeepAlive(clients)
	}
	used := float64(after.HeapAlloc+after.StackInuse) - float64(before.HeapAlloc+before.StackInuse)
	b.ReportMetric(used/n, "B/socket")
	b.ReportMetric(0, "ns/op")
}

package edge_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"parley/edge"
)

// BenchmarkIdleSocketTLS reports what a socket under TLS costs this process that
// has nothing to say. Of the clients only bare descriptors are left by then.
func BenchmarkIdleSocketTLS(b *testing.B) {
	const n = 2000
	for _, version := range []uint16{tls.VersionTLS13, tls.VersionTLS12} {
		b.Run(strings.ReplaceAll(tls.VersionName(version), " ", ""), func(b *testing.B) {
			var heap, rss float64
			for b.Loop() {
				heap, rss = footprintTLS(b, version, n)
			}
			b.ReportMetric(heap/n, "B/socket")
			b.ReportMetric(rss/n, "RSS-B/socket")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// footprintTLS is what n sockets add to the heap with the stacks, and to the
// memory that the system counts.
func footprintTLS(b *testing.B, version uint16, n int) (heap, rss float64) {
	b.Helper()
	s := benchTLS(b)
	s.crowd(b, version, 50) // pools, and what grows once
	var before, after runtime.MemStats
	runtime.GC()
	debug.FreeOSMemory()
	runtime.ReadMemStats(&before)
	rssBefore := resident(b)
	s.crowd(b, version, n)
	runtime.GC()
	debug.FreeOSMemory()
	runtime.ReadMemStats(&after)
	rss = resident(b) - rssBefore
	s.stop(b)
	return float64(after.HeapAlloc+after.StackInuse) - float64(before.HeapAlloc+before.StackInuse), rss
}

// BenchmarkBroadcastTLS is BenchmarkBroadcast with a record to seal for each
// socket.
func BenchmarkBroadcastTLS(b *testing.B) {
	const n = 1000
	s := benchTLS(b)
	s.crowd(b, tls.VersionTLS13, n)
	conns := make([]*edge.Conn, n)
	for i := range conns {
		conns[i] = <-s.opened
	}
	f := edge.TextOf(make([]byte, 200))
	sink := make([]byte, 1<<16)
	done := make(chan struct{})
	b.ReportAllocs()
	turns := 0
	for b.Loop() {
		conns[0].Shard().Post(func() {
			for _, c := range conns {
				c.Send(f)
			}
			c := conns[0]
			c.Shard().Post(func() { c.Shard().Post(func() { done <- struct{}{} }) }) // in a later turn: all is written
		})
		<-done
		if turns++; turns%100 == 0 {
			b.StopTimer()
			for _, fd := range s.clients {
				_, _ = unix.Read(fd, sink)
			}
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "deliveries/s")
	s.stop(b)
}

// tlsBench is an edge behind a TLS listener.
type tlsBench struct {
	edge    *edge.Edge
	addr    string
	http    *http.Server
	served  chan struct{}
	opened  chan *edge.Conn
	clients []int // bare descriptors
}

func benchTLS(b *testing.B) *tlsBench {
	b.Helper()
	s := &tlsBench{served: make(chan struct{}), opened: make(chan *edge.Conn, 4096)}
	var err error
	s.edge, err = edge.New(edge.Config{Shards: 1}, gateFunc(func(context.Context, *edge.Request) edge.Admission {
		return edge.Admission{Shard: s.edge.Shards()[0], Open: func(c *edge.Conn) edge.Handler {
			s.opened <- c
			return idle{}
		}}
	}))
	require.NoError(b, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	s.addr = l.Addr().String()
	s.http = &http.Server{Handler: s.edge, ReadHeaderTimeout: patience}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(edge.NewTLSListener(l, certified()))
	}()
	return s
}

func (s *tlsBench) crowd(b *testing.B, version uint16, n int) {
	b.Helper()
	for range n {
		s.clients = append(s.clients, bareTLS(b, s.addr, version))
	}
}

func (s *tlsBench) stop(b *testing.B) {
	b.Helper()
	for _, fd := range s.clients {
		_ = unix.Close(fd)
	}
	require.NoError(b, s.http.Close())
	<-s.served
	require.NoError(b, s.edge.Stop(context.Background()))
}

// bareTLS opens a WebSocket under TLS and keeps its descriptor alone.
func bareTLS(b *testing.B, addr string, version uint16) (fd int) {
	b.Helper()
	nc, err := net.Dial("tcp", addr)
	require.NoError(b, err)
	c := tls.Client(nc, &tls.Config{InsecureSkipVerify: true, MaxVersion: version})
	_, err = c.Write([]byte(opening))
	require.NoError(b, err)
	answer := make([]byte, 512)
	n, err := c.Read(answer)
	require.NoError(b, err)
	require.True(b, strings.HasPrefix(string(answer[:n]), "HTTP/1.1 101 "), "%q", answer[:n])
	raw, err := nc.(*net.TCPConn).SyscallConn()
	require.NoError(b, err)
	require.NoError(b, raw.Control(func(orig uintptr) { fd, err = unix.Dup(int(orig)) }))
	require.NoError(b, err)
	require.NoError(b, nc.Close())
	return fd
}

func resident(b *testing.B) float64 {
	b.Helper()
	statm, err := os.ReadFile("/proc/self/statm")
	require.NoError(b, err)
	pages, err := strconv.Atoi(strings.Fields(string(statm))[1])
	require.NoError(b, err)
	return float64(pages * os.Getpagesize())
}

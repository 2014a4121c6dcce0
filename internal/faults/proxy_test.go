package faults_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/faults"
)

func TestBytesPassBothWays(t *testing.T) {
	w := tcp(t)
	write(t, w.client, "hello")
	read(t, w.server, "hello")
	write(t, w.server, "and hello")
	read(t, w.client, "and hello")

	require.NoError(t, w.client.CloseWrite())
	requireFIN(t, w.server, "")
	write(t, w.server, "the other way goes on")
	require.NoError(t, w.server.Close())
	requireFIN(t, w.client, "the other way goes on")
	<-w.Done()
}

func TestResetOfOneSideReachesTheOther(t *testing.T) {
	w := tcp(t)
	require.NoError(t, w.server.SetLinger(0))
	require.NoError(t, w.server.Close())
	requireReset(t, w.client, "")
	<-w.Done()
}

func TestServerThatIsNotThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	p, err := faults.New(l.Addr().String(), nil)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	k, err := net.Dial("tcp", p.Addr())
	if err == nil { // the reset may be there before the dial returns
		t.Cleanup(func() { _ = k.Close() })
		requireReset(t, k, "")
	}
	require.Nil(t, p.Current())
}

func TestCloseCutsEverything(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	var conns sync.WaitGroup
	conns.Add(3)
	p, err := faults.New(l.Addr().String(), func(*faults.Conn) { conns.Done() })
	require.NoError(t, err)
	clients := []*net.TCPConn{dial(t, p.Addr()), dial(t, p.Addr()), dial(t, p.Addr())}
	conns.Wait()
	p.Close()
	p.Close() // twice is as good as once
	for _, k := range clients {
		requireReset(t, k, "")
	}
	_, err = net.Dial("tcp", p.Addr())
	require.Error(t, err)
}

func TestCut(t *testing.T) {
	w := tcp(t)
	write(t, w.server, "before")
	read(t, w.client, "before")
	w.Cut()
	w.Cut()
	<-w.Done()
	requireReset(t, w.client, "")
	requireReset(t, w.server, "")
	_, err := w.CloseCode(within(t))
	require.Error(t, err)
}

func TestCutClean(t *testing.T) {
	w := tcp(t)
	w.CutClean()
	requireFIN(t, w.client, "")
	requireFIN(t, w.server, "")
	write(t, w.client, "lost")
	write(t, w.server, "lost too")
	require.NoError(t, w.client.Close())
	require.NoError(t, w.server.Close())
	<-w.Done()
}

func TestHalfOpen(t *testing.T) {
	w := tcp(t)
	w.HalfOpen()
	requireReset(t, w.client, "")
	write(t, w.server, strings.Repeat("the server sees nothing of it ", 1<<16))
	require.NoError(t, w.server.Close())
	<-w.Done()
}

func TestStallHoldsOneDirection(t *testing.T) {
	w := tcp(t)
	w.Stall(true, false)
	write(t, w.client, "later")
	write(t, w.server, "now")
	read(t, w.client, "now")
	passed := make(chan struct{})
	w.AfterBytes(faults.Up, 1, func() { close(passed) })
	select {
	case <-passed:
		require.FailNow(t, "a byte passed")
	default:
	}
	w.Go()
	<-passed
	read(t, w.server, "later")
}

func TestStalledConnectionCanBeCut(t *testing.T) {
	w := tcp(t)
	w.Stall(true, true)
	write(t, w.client, "never")
	write(t, w.server, "never")
	w.Cut()
	requireReset(t, w.client, "")
	requireReset(t, w.server, "")
}

func TestDelayKeepsTheOrder(t *testing.T) {
	w := tcp(t)
	w.Delay(2 * time.Millisecond)
	var want strings.Builder
	for i := range 20 {
		text := strings.Repeat(string(rune('a'+i)), 100)
		write(t, w.server, text)
		want.WriteString(text)
	}
	read(t, w.client, want.String())
	w.Delay(time.Hour)
	write(t, w.server, "too late")
	w.Cut()
	requireReset(t, w.client, "")
}

func TestSlowReadIsPiecemeal(t *testing.T) {
	w := tcp(t)
	w.SlowRead(3)
	write(t, w.server, "abcdefgh")
	b := make([]byte, 8)
	for sum := 0; sum < 8; {
		n, err := w.client.Read(b)
		require.NoError(t, err)
		require.NotZero(t, n)
		sum += n
	}
	w.SlowRead(0)
	write(t, w.server, "ij")
	read(t, w.client, "ij")
}

func TestResetAfterIsExact(t *testing.T) {
	for _, n := range []int64{0, 1, 5, 6} {
		w := tcp(t)
		write(t, w.client, "0123")
		read(t, w.server, "0123")
		w.ResetAfter(n, faults.Up)
		write(t, w.client, "abcdef")
		requireReset(t, w.server, "abcdef"[:n])
		requireReset(t, w.client, "")
	}
	for _, n := range []int64{0, 1, 5, 6} {
		w := tcp(t)
		w.ResetAfter(n, faults.Down)
		write(t, w.server, "abcdef")
		requireReset(t, w.client, "abcdef"[:n])
		requireReset(t, w.server, "")
	}
}

func TestBytesInBulk(t *testing.T) {
	w := tcp(t)
	const size = 4 << 20
	w.AfterBytes(faults.Down, size/3, func() { w.Delay(time.Millisecond) })
	go func() {
		_, _ = io.WriteString(w.server, strings.Repeat("x", size)) // the reader sees what is missing
		_ = w.server.CloseWrite()
	}()
	n, err := io.Copy(io.Discard, w.client)
	require.NoError(t, err)
	require.EqualValues(t, size, n)
}

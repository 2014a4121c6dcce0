//go:build linux && !noepoll

package edge_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"parley/edge"
)

// onShards runs a test on the media that shards accept themselves.
func onShards(t *testing.T, test func(t *testing.T, m medium)) {
	t.Helper()
	t.Parallel()
	for _, m := range media()[:2] {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			test(t, m)
		})
	}
}

// shortHandshake has ticks of 10 ms.
func shortHandshake() edge.Config {
	return edge.Config{HandshakeTimeout: 50 * time.Millisecond, Heartbeat: 160 * time.Millisecond, HeartbeatGrace: forever}
}

func TestSlowHeadsAreGivenUp(t *testing.T) {
	onShards(t, func(t *testing.T, m medium) {
		s := serve(t, m, shortHandshake(), nil)
		silent := s.connect()
		silent.eof()
		s.meter.handshook(t, map[string]int{})

		half := s.connect()
		half.send([]byte(opening[:len(opening)/2]))
		half.eof()
		s.meter.handshook(t, map[string]int{"timeout": 1})

		// To send a little now and then does not help.
		drip := s.connect()
		drip.send([]byte(opening[:9]))
		require.Eventually(t, func() bool {
			_, err := drip.Write([]byte("x"))
			return err != nil
		}, patience, time.Millisecond)
		s.meter.handshook(t, map[string]int{"timeout": 2})
	})
}

// Connections that have not said what they want cost no goroutine.
func TestGuestsCostNoGoroutine(t *testing.T) {
	s := serve(t, media()[0], edge.Config{}, nil)
	before := runtime.NumGoroutine()
	var all []*peer
	for range 200 {
		p := s.connect()
		p.send([]byte(opening[:40]))
		all = append(all, p)
	}
	s.turn()
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
	for _, p := range all {
		p.send([]byte(opening[40:]))
		require.Equal(t, http.StatusSwitchingProtocols, p.response().StatusCode)
	}
}

// Two thousand come at once, and none is lost; on several shards too.
func TestStorm(t *testing.T) {
	onShards(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{Shards: 3}, func(k *socket) { k.conn.Send(edge.TextOf([]byte("welcome"))) })
		const n = 2000
		port := portOf(t, s.addr)
		fds := make([]int, n)
		for i := range fds {
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
			require.NoError(t, err)
			fds[i] = fd
			require.ErrorIs(t, unix.Connect(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}), unix.EINPROGRESS)
		}
		for _, fd := range fds {
			await(t, fd, unix.POLLOUT)
			_, err := unix.Write(fd, []byte(opening))
			require.NoError(t, err)
		}
		buf := make([]byte, 1024)
		for _, fd := range fds {
			await(t, fd, unix.POLLIN)
			got, err := unix.Read(fd, buf)
			require.NoError(t, err)
			require.Equal(t, accepted+"\x81\x07welcome", string(buf[:got]), "the answer and the first frame come together")
			require.NoError(t, unix.Close(fd))
			s.next()
		}
		s.meter.handshook(t, map[string]int{"ok": n})
	})
}

// What came behind a handshake goes with the socket to its shard.
func TestEarlyFramesReachAnotherShard(t *testing.T) {
	onShards(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{Shards: 3}, echo) // all go to the first
		entered, leave := make(chan struct{}), make(chan struct{})
		s.Shards()[0].Post(func() { close(entered); <-leave })
		take(t, entered, "the shard")
		var all []*peer
		for i := range 50 {
			p := s.connect()
			p.send([]byte(opening), text(fmt.Sprint(i)))
			all = append(all, p)
		}
		s.meter.handshook(t, map[string]int{"ok": 50})
		close(leave)
		for i, p := range all {
			require.Equal(t, http.StatusSwitchingProtocols, p.response().StatusCode)
			require.Equal(t, fmt.Sprint(i), p.text())
		}
	})
}

func await(t *testing.T, fd int, events int16) {
	t.Helper()
	p := []unix.PollFd{{Fd: int32(fd), Events: events}}
	for {
		n, err := unix.Poll(p, int(patience.Milliseconds()))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		require.NoError(t, err)
		require.Equal(t, 1, n, "waited in vain for a descriptor")
		return
	}
}

func portOf(t *testing.T, addr string) int {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", addr)
	require.NoError(t, err)
	return a.Port
}

// Whom the kernel has accepted the edge serves when listening ends.
func TestCloseServesThoseWhoCame(t *testing.T) {
	onShards(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		entered, leave := make(chan struct{}), make(chan struct{})
		s.Shards()[0].Post(func() { close(entered); <-leave })
		take(t, entered, "the shard")
		var all []*peer
		for range 200 { // more than one turn looks at
			p := s.connect()
			p.send([]byte(opening))
			all = append(all, p)
		}
		closed := make(chan error, 1)
		go func() { closed <- s.http.Shutdown(t.Context()) }()
		require.Eventually(t, func() bool { return s.Shards()[0].Depth() == 1 }, patience, time.Millisecond)
		close(leave)
		for _, p := range all {
			require.Equal(t, http.StatusSwitchingProtocols, p.response().StatusCode)
		}
		require.NoError(t, take(t, closed, "the server's end"))
		_, err := s.net(t.Context())
		require.ErrorIs(t, err, unix.ECONNREFUSED)
	})
}

// Listen is for one listener.
func TestListenTwice(t *testing.T) {
	s := serve(t, media()[0], edge.Config{}, nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	_, err = s.Listen(l)
	require.ErrorContains(t, err, "listens already")
	c, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err, "the listener is still its owner's")
	require.NoError(t, c.Close())
}

// Without descriptors the edge waits for some, and serves then whoever came
// meanwhile. This takes a process of its own.
func TestAcceptWithoutDescriptors(t *testing.T) {
	const child = "EDGE_TEST_EXHAUSTED"
	if os.Getenv(child) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), child+"=1")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return
	}
	s := serve(t, media()[0], edge.Config{Heartbeat: 160 * time.Millisecond, HeartbeatGrace: forever}, nil)
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	defer unix.Close(fd)
	var limit unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	limit.Cur = uint64(fd) + 20
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
	var files []int
	for {
		f, err := unix.Dup(fd)
		if err != nil {
			break
		}
		files = append(files, f)
	}

	require.NoError(t, unix.Connect(fd, &unix.SockaddrInet4{Port: portOf(t, s.addr), Addr: [4]byte{127, 0, 0, 1}}))
	_, err = unix.Write(fd, []byte(opening))
	require.NoError(t, err)
	require.Eventually(t, func() (again bool) {
		s.meter.with(func(m *meter) { again = m.handshakes["accept_failed"] >= 2 })
		return again
	}, patience, time.Millisecond)
	for _, f := range files {
		require.NoError(t, unix.Close(f))
	}
	buf := make([]byte, 1024)
	n, err := unix.Read(fd, buf)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(buf[:n]), accepted), "%q", buf[:n])
}

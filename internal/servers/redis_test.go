package servers_test

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
)

func do(t *testing.T, s *servers.RedisServer, args ...any) string {
	t.Helper()
	answer, err := s.Do(args...)
	require.NoError(t, err, "%q", args)
	return answer
}

func TestRedisStopsAndStartsOnTheSamePort(t *testing.T) {
	for name, end := range map[string]func(*servers.RedisServer){
		"stop": func(s *servers.RedisServer) { s.Stop() },
		"kill": func(s *servers.RedisServer) { s.Kill() },
		"stop while paused": func(s *servers.RedisServer) {
			s.Pause()
			s.Stop()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := servers.Redis(t, "--appendonly", "yes")
			do(t, s, "SET", "key", "value")
			end(s)
			_, err := s.Do("PING")
			require.Error(t, err)
			s.Start()
			require.Equal(t, "value", do(t, s, "GET", "key"))
			require.Contains(t, s.Output(), "Ready to accept connections")
		})
	}
}

func TestRedisKeepsNothingUnlessToldTo(t *testing.T) {
	s := servers.Redis(t)
	do(t, s, "SET", "key", "value")
	s.Kill()
	s.Start()
	require.Equal(t, "0", do(t, s, "DBSIZE"))
}

func TestPausedRedisTakesConnectionsAndAnswersLater(t *testing.T) {
	s := servers.Redis(t)
	s.Pause()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", s.Addr)
	require.NoError(t, err, "the kernel accepts for it")
	defer func() { _ = conn.Close() }()
	_, err = conn.Write([]byte("PING\r\n"))
	require.NoError(t, err)
	s.Resume()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	answer := make([]byte, 7)
	_, err = conn.Read(answer)
	require.NoError(t, err)
	require.Equal(t, "+PONG\r\n", string(answer))
}

// recorder is a test that fails without ending anything.
type recorder struct {
	ends    []func()
	failure string
}

func (r *recorder) Helper()            {}
func (r *recorder) Cleanup(end func()) { r.ends = append(r.ends, end) }
func (r *recorder) Fatalf(format string, args ...any) {
	r.failure = fmt.Sprintf(format, args...)
	panic(r)
}

func TestOutputOfAServerThatDoesNotStartIsShown(t *testing.T) {
	r := &recorder{}
	require.Panics(t, func() { servers.Redis(r, "--no-such-option", "x") })
	require.Contains(t, r.failure, "no-such-option")
	require.Contains(t, r.failure, "Bad directive", "what the server wrote")
	for _, end := range r.ends {
		end()
	}
}

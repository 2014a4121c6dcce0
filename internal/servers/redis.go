package servers

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"syscall"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// RedisServer is one redis-server.
type RedisServer struct {
	*Process
	Addr   string // host:port
	port   int
	second int // another port of its own: the cluster bus
}

// Redis starts a redis-server that keeps nothing on disk: what it knew is gone
// after Stop or Kill and Start. Options are the server's own, as on its command
// line ("--appendonly", "yes" has it keep its data).
func Redis(tb TB, options ...string) *RedisServer {
	tb.Helper()
	return redisServer(tb, func(int, int) []string { return options })
}

// URL is where a client of this server alone connects to.
func (s *RedisServer) URL() string { return "redis://" + s.Addr + "/0" }

// Do runs one command on this very server, and returns its answer as text.
func (s *RedisServer) Do(args ...any) (string, error) {
	client := redisClient(s.Addr)
	defer func() { _ = client.Close() }()
	answer, err := client.Do(context.Background(), args...).Result()
	return fmt.Sprint(answer), err
}

// do is Do for a command that must not fail.
func (s *RedisServer) do(args ...any) string {
	s.tb.Helper()
	answer, err := s.Do(args...)
	if err != nil {
		s.tb.Fatalf("servers: redis %s: %q: %v", s.Addr, args, err)
	}
	return answer
}

// redisServer starts one; options get its port and a second one that is free.
func redisServer(tb TB, options func(port, second int) []string) *RedisServer {
	tb.Helper()
	return redisProcess(tb, "redis-server", func(dir string, port, second int) []string {
		return append([]string{
			"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", dir,
			"--save", "", "--appendonly", "no", "--daemonize", "no",
		}, options(port, second)...)
	})
}

// redisProcess tries ports until the server starts.
func redisProcess(tb TB, path string, args func(dir string, port, second int) []string) *RedisServer {
	tb.Helper()
	var failure error
	for range tries {
		dir, free := folder(tb), ports(tb, 2)
		s := &RedisServer{Addr: local(free[0]), port: free[0], second: free[1]}
		process, err := launch(tb, command{
			path: path, args: args(dir, free[0], free[1]), dir: dir, stop: syscall.SIGTERM,
			ready: func(ctx context.Context) error { return pingRedis(ctx, s.Addr) },
		})
		if err == nil {
			s.Process = process
			return s
		}
		failure = err
	}
	tb.Fatalf("servers: %v", failure)
	return nil
}

func pingRedis(ctx context.Context, addr string) error {
	// The client's pool would log and try again where nobody listens yet.
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	_ = conn.Close()
	client := redisClient(addr)
	defer func() { _ = client.Close() }()
	return client.Ping(ctx).Err()
}

func redisClient(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{
		Addr: addr, MaxRetries: -1, DialerRetries: 1, Protocol: 2, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
}

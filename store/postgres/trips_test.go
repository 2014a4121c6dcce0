package postgres_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/postgres"
)

// TestGroupIsOneRoundTrip counts how often the store speaks and then waits, on
// the way to a server.
func TestGroupIsOneRoundTrip(t *testing.T) {
	dsn := newDatabase(t)
	c, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	l := newLine(t, net.JoinHostPort(c.Host, fmt.Sprint(c.Port)))
	m := &meter{}
	s := openClosing(t, postgres.Config{
		DSN: strings.Replace(dsn, net.JoinHostPort(c.Host, fmt.Sprint(c.Port)), l.addr(), 1), Connections: 2, Meter: m,
	})
	roomID, userID := room(t, s, "ann")
	write := func(n int) {
		release := holdRoom(t, dsn, roomID) // so that they gather
		var called sync.WaitGroup
		called.Add(3 * n)
		for range n {
			s.PostMessage(store.NewMessage{RoomID: roomID, AuthorID: userID}, func(store.Message, bool, error) { called.Done() })
			s.PostRead(roomID, userID, 0, func(store.ReadMarker, bool, error) { called.Done() })
			s.PostEdit(roomID, userID, 1, "edited", func(store.Message, error) { called.Done() })
		}
		release()
		called.Wait()
	}
	write(100) // prepares the statements
	before, groups := l.trips.Load(), m.groups.Load()
	write(100)
	made := m.groups.Load() - groups
	require.Greater(t, made, int64(2))
	require.Less(t, made, int64(20))
	// A connection that was idle for a second is asked whether it lives.
	require.InDelta(t, made, l.trips.Load()-before, 1, "round trips of so many groups")
}

// meter counts groups.
type meter struct{ groups atomic.Int64 }

func (m *meter) Committed(int, time.Duration) { m.groups.Add(1) }

// line is a proxy that counts round trips: how often a client speaks after the
// server did.
type line struct {
	listener net.Listener
	target   string
	trips    atomic.Int64
	open     sync.WaitGroup
}

func newLine(t *testing.T, target string) *line {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l := &line{listener: listener, target: target}
	l.open.Go(l.serve)
	t.Cleanup(func() {
		_ = listener.Close()
		l.open.Wait()
	})
	return l
}

func (l *line) addr() string { return l.listener.Addr().String() }

func (l *line) serve() {
	for {
		client, err := l.listener.Accept()
		if err != nil {
			return
		}
		server, err := new(net.Dialer).DialContext(context.Background(), "tcp", l.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		var answered atomic.Bool
		answered.Store(true)
		l.open.Go(func() { carry(server, client, func() { l.count(&answered) }) })
		l.open.Go(func() { carry(client, server, func() { answered.Store(true) }) })
	}
}

func (l *line) count(answered *atomic.Bool) {
	if answered.Swap(false) {
		l.trips.Add(1)
	}
}

// carry copies until either end closes, and closes both. It says what it reads
// before it is written.
func carry(to, from net.Conn, read func()) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			read()
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

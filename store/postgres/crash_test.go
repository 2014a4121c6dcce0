package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/store"
	"parley/store/postgres"
)

// talk is some rooms of one user's, and what was acknowledged of them.
type talk struct {
	s     *postgres.Store
	user  int64
	rooms []int64

	mu       sync.Mutex
	acked    map[string]store.Message // by client_msg_id, guarded by mu
	problems []string                 // guarded by mu
}

func newTalk(t *testing.T, s *postgres.Store) *talk {
	t.Helper()
	roomID, userID := room(t, s, "ann")
	k := &talk{s: s, user: userID, rooms: []int64{roomID}, acked: make(map[string]store.Message)}
	for range 5 {
		r, err := s.CreateRoom(t.Context(), store.NewRoom{OwnerID: userID})
		require.NoError(t, err)
		k.rooms = append(k.rooms, r.ID)
	}
	return k
}

// insist posts one message after the other, each until it is acknowledged, as a
// client does, until it is told to stop.
func (k *talk) insist(writer int, stop <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		id := fmt.Sprintf("%d-%d", writer, i)
		m := store.NewMessage{RoomID: k.rooms[(writer+i)%len(k.rooms)], AuthorID: k.user, Content: "text of " + id, ClientMsgID: id}
		stored, err := post(k.s, m)
		for err != nil {
			if store.Refused(err) {
				k.note(fmt.Sprintf("%s: %v", id, err))
				return
			}
			stored, err = post(k.s, m)
		}
		k.mu.Lock()
		k.acked[id] = stored
		k.mu.Unlock()
	}
}

func (k *talk) note(problem string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.problems = append(k.problems, problem)
}

func (k *talk) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.acked)
}

// grow waits until so many more messages have been acknowledged.
func (k *talk) grow(t *testing.T, more int) {
	t.Helper()
	want := k.count() + more
	require.Eventually(t, func() bool { return k.count() >= want }, time.Minute, time.Millisecond,
		"no message is stored any more")
}

// check compares what was acknowledged with what is stored.
func (k *talk) check(t *testing.T) {
	t.Helper()
	require.Empty(t, k.problems)
	stored := make(map[string]store.Message)
	for _, roomID := range k.rooms {
		messages, err := k.s.MessagesAfter(context.Background(), roomID, 0, 10_000_000)
		require.NoError(t, err)
		for i, m := range messages {
			if m.Seq != int64(i)+1 || m.Content != "text of "+m.ClientMsgID {
				require.Fail(t, "gap, double or damage", "room %d, place %d: %+v", roomID, i, m)
			}
			if _, twice := stored[m.ClientMsgID]; twice {
				require.Fail(t, "stored twice", "%+v", m)
			}
			stored[m.ClientMsgID] = m
		}
	}
	for id, m := range k.acked {
		if stored[id] != m {
			require.Fail(t, "acknowledged and lost, or changed", "%s: %+v, stored %+v", id, m, stored[id])
		}
	}
}

// TestKilledServerLosesNothingAcknowledged kills PostgreSQL under writers (it
// flushes to disk), and starts it again: the store goes on by itself.
func TestKilledServerLosesNothingAcknowledged(t *testing.T) {
	server := servers.Postgres(t, "fsync=on")
	disturbServer(t, server, func() { server.Kill(); server.Start() })
}

// TestRestartedServer stops PostgreSQL in good order under writers.
func TestRestartedServer(t *testing.T) {
	server := servers.Postgres(t)
	disturbServer(t, server, func() { server.Stop(); server.Start() })
}

func disturbServer(t *testing.T, server *servers.PostgresServer, disturb func()) {
	t.Helper()
	s := openClosing(t, postgres.Config{DSN: server.Database(t)})
	k := newTalk(t, s)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for writer := range 32 {
		wg.Go(func() { k.insist(writer, stop) })
	}
	for range 3 {
		k.grow(t, 500)
		disturb()
	}
	k.grow(t, 500)
	close(stop)
	wg.Wait()
	require.NoError(t, s.Ping(t.Context()))
	k.check(t)
}

package postgres_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/store"
	"parley/store/postgres"
)

// BenchmarkPostMessage measures durably stored messages per second at a given
// number of outstanding ones, in 64 rooms of 8 participants, each message with
// a client's id; the server flushes to disk.
func BenchmarkPostMessage(b *testing.B) {
	server := servers.Postgres(b, "fsync=on", "shared_buffers=256MB")
	require.NoError(b, makeTemplate(server))
	for _, outstanding := range []int{1, 16, 256, 1024, 4096} {
		b.Run(fmt.Sprintf("outstanding=%d", outstanding), func(b *testing.B) {
			benchmarkPost(b, server.DatabaseLike(b, migrated), outstanding)
		})
	}
}

func benchmarkPost(b *testing.B, dsn string, outstanding int) {
	const rooms, members = 64, 8
	ctx := context.Background()
	s, err := postgres.Open(ctx, postgres.Config{DSN: dsn})
	require.NoError(b, err)
	defer func() { require.NoError(b, s.Close()) }()

	var users [members]int64
	for i := range users {
		name := "user" + strconv.Itoa(i)
		token, err := s.CreateUser(ctx, store.NewUser{Username: name, Email: name + "@example.com", TokenHash: store.Hash{byte(i)}})
		require.NoError(b, err)
		users[i] = token.User.ID
	}
	var room [rooms]int64
	for i := range room {
		r, err := s.CreateRoom(ctx, store.NewRoom{Name: "room", OwnerID: users[0]})
		require.NoError(b, err)
		room[i] = r.ID
		for _, user := range users[1:] {
			_, err := s.AddParticipant(ctx, r.ID, user)
			require.NoError(b, err)
		}
	}

	results := make(chan error, outstanding)
	done := func(_ store.Message, _ bool, err error) { results <- err }
	waiting := 0
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if waiting == outstanding {
			require.NoError(b, <-results)
			waiting--
		}
		s.PostMessage(store.NewMessage{
			RoomID:      room[i%rooms],
			AuthorID:    users[i/rooms%members],
			Content:     "The quick brown fox jumps over the lazy dog, again and again.",
			ClientMsgID: fmt.Sprintf("%08x-%d", uint32(i)*2654435761, i),
		}, done)
		waiting++
	}
	for range waiting {
		require.NoError(b, <-results)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msgs/s")
	b.ReportMetric(0, "ns/op")
}

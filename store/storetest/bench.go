package storetest

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
)

// BenchmarkPostMessage measures durably stored messages per second at a given number
// of outstanding ones, in 64 rooms of 8 participants, each message with a client's
// id. open makes an empty store, which is closed afterwards.
func BenchmarkPostMessage(b *testing.B, open func(b *testing.B) store.Store) {
	for _, outstanding := range []int{1, 16, 256, 1024, 4096} {
		b.Run(fmt.Sprintf("outstanding=%d", outstanding), func(b *testing.B) {
			s := open(b)
			defer func() { require.NoError(b, s.Close()) }()
			post(b, s, outstanding)
		})
	}
}

func post(b *testing.B, s store.Store, outstanding int) {
	const rooms, members = 64, 8
	var users [members]int64
	for i := range users {
		name := "user" + strconv.Itoa(i)
		token, err := s.CreateUser(b.Context(), store.NewUser{Username: name, Email: name + "@example.com", TokenHash: store.Hash{byte(i)}})
		require.NoError(b, err)
		users[i] = token.User.ID
	}
	var room [rooms]int64
	for i := range room {
		r, err := s.CreateRoom(b.Context(), store.NewRoom{Name: "room", OwnerID: users[0]})
		require.NoError(b, err)
		room[i] = r.ID
		for _, user := range users[1:] {
			_, err := s.AddParticipant(b.Context(), r.ID, user)
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

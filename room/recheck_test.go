package room_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/protocol"
	"parley/room"
	"parley/store"
)

// standings says of everything that it stands, but for what ended.
type standings struct {
	mu     sync.Mutex
	failed int // how often to fail first; guarded by mu, as is all below
	tokens []int64
	rooms  []int64
	places []store.Place
}

func (s *standings) RoomHeads(_ context.Context, ids []int64) (heads []store.RoomHead, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range without(ids, s.rooms) {
		heads = append(heads, store.RoomHead{RoomID: id})
	}
	return heads, nil
}

func (s *standings) LiveTokens(_ context.Context, ids []int64) ([]int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed > 0 {
		s.failed--
		return nil, errors.New("the store is down")
	}
	return without(ids, s.tokens), nil
}

func (s *standings) Belonging(_ context.Context, places []store.Place) ([]store.Place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return without(places, s.places), nil
}

func (s *standings) end(fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn()
}

func without[T comparable](all, ended []T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return slices.Contains(ended, x) })
}

// interrupted is a bus whose subscriptions can be told that they carry again.
type interrupted struct {
	cluster.Bus
	mu   sync.Mutex
	live []func() // guarded by mu
}

func (b *interrupted) Follow(topic string, handler func([]byte), live func()) func() {
	b.mu.Lock()
	b.live = append(b.live, live)
	b.mu.Unlock()
	return b.Bus.Follow(topic, handler, live)
}

func (b *interrupted) again() {
	b.mu.Lock()
	live := slices.Clone(b.live)
	b.mu.Unlock()
	for _, fn := range live {
		fn()
	}
}

// What ended while no news came ends when it comes again.
func TestRightsAreCheckedAfterAnInterruption(t *testing.T) {
	stand := &standings{}
	bus := &interrupted{Bus: cluster.NewMemory().Bus()}
	n := startOn(t, room.Config{Standings: stand}, &fake{}, bus)
	out := n.enter("user=1&token=1&room=1")
	removed := n.enter("user=2&token=2&room=1")
	gone := n.enter("user=3&token=3&room=2")
	desk := n.enter("user=4&token=4&channel=all")
	stays := n.enter("user=5&token=5&room=1")
	stand.end(func() {
		stand.tokens, stand.rooms, stand.places = []int64{1, 4}, []int64{2}, []store.Place{{RoomID: 1, UserID: 2}}
		stand.failed = 1 // and is asked again
	})
	bus.again()
	require.Equal(t, protocol.CloseUnauthenticated, out.code())
	require.Equal(t, protocol.CloseUnauthenticated, desk.code())
	require.Equal(t, protocol.CloseForbidden, removed.code())
	require.Equal(t, protocol.CloseRoomDeleted, gone.code())
	stays.alive()
}

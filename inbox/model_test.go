package inbox_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// watcher is a client with what it makes of the frames that it got.
type watcher struct {
	*fakeClient
	rooms  map[int64]bool
	unread map[int64]int
	told   map[int64][]time.Time
}

// TestWhatClientsMakeOfIt lets everything happen in any order, while the store takes
// its time, and compares what clients believe at the end with what is.
func TestWhatClientsMakeOfIt(t *testing.T) {
	for seed := range uint64(300) {
		within(t, func(b *bench) {
			m := &model{bench: b, rand: rand.New(rand.NewPCG(seed, 1))}
			m.store.took = func() time.Duration { return time.Duration(m.rand.IntN(400)) * time.Millisecond }
			for range 120 {
				m.step()
			}
			m.pass(time.Minute)
			for _, w := range m.watchers {
				m.check(w, seed)
			}
		})
	}
}

type model struct {
	*bench
	rand     *rand.Rand // by the store too, under its lock
	watchers []*watcher
}

func (m *model) pick(n int) (i int) {
	m.store.change(func() { i = m.rand.IntN(n) })
	return i
}

func (m *model) step() {
	node, roomID, userID := m.pick(2), int64(m.pick(4)+1), int64(m.pick(4)+1)
	in := slices.Contains(m.store.roomsOf(userID), roomID)
	switch m.pick(12) {
	case 0, 1:
		w := &watcher{m.come(node, userID), map[int64]bool{}, map[int64]int{}, map[int64][]time.Time{}}
		for _, id := range m.store.roomsOf(userID) {
			w.rooms[id] = true
		}
		m.watchers = append(m.watchers, w)
	case 2:
		if len(m.watchers) > 0 {
			i := m.pick(len(m.watchers))
			m.watchers[i].leave()
			m.watchers = slices.Delete(m.watchers, i, i+1)
		}
	case 3, 4:
		if !in {
			m.join(roomID, userID)
		}
	case 5:
		if in {
			m.leave(roomID, userID, protocol.LeaveLeft)
		}
	case 6, 7, 8:
		m.post(node, roomID, userID)
	case 9:
		m.read(node, roomID, userID)
	case 10:
		m.pass(time.Duration(m.pick(1500)) * time.Millisecond)
	case 11:
		if m.pick(6) == 0 {
			m.pass(5 * time.Second) // who is being read now would not be told of it
			m.deleteRoom(roomID)
		}
	}
}

func (m *model) check(w *watcher, seed uint64) {
	t := m.t
	for _, f := range w.take() {
		switch f.Type {
		case protocol.TypeRoomAdded:
			var data protocol.RoomAdded
			require.NoError(t, json.Unmarshal(f.Data, &data))
			w.rooms[f.RoomID], w.unread[f.RoomID] = true, data.Room.UnreadCount
		case protocol.TypeRoomRemoved:
			delete(w.rooms, f.RoomID)
			delete(w.unread, f.RoomID)
		case protocol.TypeUnread:
			var data protocol.Unread
			require.NoError(t, json.Unmarshal(f.Data, &data))
			w.unread[f.RoomID] = data.UnreadCount
			w.told[f.RoomID] = append(w.told[f.RoomID], f.at)
		}
	}
	for id, times := range w.told {
		for i := 2; i < len(times); i++ { // the first may be of its arrival
			require.GreaterOrEqual(t, times[i].Sub(times[i-1]), time.Second, "seed %d: user %d is told of room %d too often", seed, w.user.ID, id)
		}
	}
	for _, id := range m.store.roomsOf(w.user.ID) {
		require.True(t, w.rooms[id], "seed %d: user %d does not know of room %d", seed, w.user.ID, id)
		delete(w.rooms, id)
		require.Equal(t, m.store.countOf(id, w.user.ID), w.unread[id], "seed %d: unread of user %d in room %d", seed, w.user.ID, id)
	}
	require.Empty(t, w.rooms, "seed %d: user %d is not in these", seed, w.user.ID)
}

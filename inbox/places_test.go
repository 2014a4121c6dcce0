package inbox

import (
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPlacesAreThoseOfAMap compares with a plain map after each of many changes.
func TestPlacesAreThoseOfAMap(t *testing.T) {
	const seed = 7
	rng := rand.New(rand.NewPCG(seed, 1))
	var p places
	want := map[int64]map[int64]bool{}
	users := make([]*resident, 50)
	for i := range users {
		users[i] = &resident{user: int64(i)}
	}
	for range 20_000 {
		roomID, who := rng.Int64N(300), users[rng.IntN(len(users))]
		if want[roomID] == nil {
			want[roomID] = map[int64]bool{}
		}
		if want[roomID][who.user] || rng.IntN(3) == 0 {
			p.remove(roomID, who)
			delete(want[roomID], who.user)
		} else {
			p.add(roomID, who)
			want[roomID][who.user] = true
		}
		var got []int64
		for _, x := range p.of(roomID) {
			require.Equal(t, roomID, x.room)
			got = append(got, x.who.user)
		}
		require.Equal(t, slices.Sorted(maps.Keys(want[roomID])), got, "room %d", roomID)
	}
	require.Greater(t, len(p.buckets), 8, "it has grown")
}

func TestNobodyIsInARoomOfNoPlaces(t *testing.T) {
	var p places
	require.Empty(t, p.of(1))
	p.remove(1, &resident{})
	p.add(1, &resident{})
	require.Len(t, p.of(1), 1)
	require.Empty(t, p.of(2))
	require.Empty(t, p.of(-1))
}

// TestAPlaceCostsLittle measures what a user's room costs, both ways of finding it
// taken together.
func TestAPlaceCostsLittle(t *testing.T) {
	const users, each = 20_000, 10
	s := &Service{users: map[int64]*resident{}}
	rng := rand.New(rand.NewPCG(1, 1))
	before := heap()
	for i := range int64(users) {
		rooms := make([]int64, each)
		for j := range rooms {
			rooms[j] = rng.Int64N(users * each / 2) // two users of each room are here
		}
		slices.Sort(rooms)
		r := &resident{user: i, rooms: slices.Clip(slices.Compact(rooms))}
		for _, id := range r.rooms {
			s.places.add(id, r)
		}
		s.users[i] = r
	}
	perUser := float64(heap()-before) / users
	t.Logf("%.0f B a user in %d rooms: %.1f B for each", perUser, each, (perUser-100)/each)
	require.Less(t, perUser, 450.0)
	require.Len(t, s.users, users)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkChangedNobodyIsHere(b *testing.B) {
	s := &Service{users: map[int64]*resident{}, gatherings: map[int64]*gathering{}}
	for i := range int64(10_000) {
		s.places.add(i, &resident{user: i})
	}
	b.ReportAllocs()
	for i := int64(10_000); b.Loop(); i++ {
		s.changed(i, 0)
	}
}

func BenchmarkChanged(b *testing.B) {
	s := &Service{outgoing: newOutgoing()}
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		s.Changed(i%1000, 0)
	}
}

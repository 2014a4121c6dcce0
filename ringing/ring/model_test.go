package ring_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/ringing/ring"
)

// model is what rings, in the plainest form: until when, by caller, room and user.
type model map[key]time.Time

type key struct{ caller, room, user int64 }

// forget drops what match says, and returns the users.
func (m model) forget(match func(k key, until time.Time) bool) (users []int64) {
	for k, until := range m {
		if match(k, until) {
			users = append(users, k.user)
			delete(m, k)
		}
	}
	slices.Sort(users)
	return users
}

func usersOf(ended ...ring.Ended[int]) (users []int64) {
	for _, e := range ended {
		users = append(users, e.Users...)
	}
	slices.Sort(users)
	return users
}

// TestAgainstAModel runs random steps on a set and on a model.
func TestAgainstAModel(t *testing.T) {
	const people, rooms = 6, 3
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		s, m, now := ring.New[int](), model{}, time.Unix(0, 0)
		ids := map[[2]int64]string{} // by caller and room
		pick := func(n int64) int64 { return 1 + rnd.Int64N(n) }
		for step := range 300 {
			caller, room, user := pick(people), pick(rooms), pick(people)
			id := ids[[2]int64{caller, room}]
			what := fmt.Sprintf("seed %d, step %d", seed, step)
			var got, want []int64
			switch rnd.IntN(8) {
			case 0, 1, 2:
				if user == caller {
					continue
				}
				until := now.Add(time.Duration(pick(50)) * time.Second)
				inv, err := s.Invite(ring.Call[int]{
					ID: what, Caller: protocol.User{ID: caller}, RoomID: room, By: int(room), Users: []int64{user}, Until: until,
				})
				require.NoError(t, err, what)
				ids[[2]int64{caller, room}] = inv.ID
				m[key{caller, room, user}] = until
			case 3:
				if _, err := s.Answer(id, room, user); err == nil {
					got = []int64{user}
				}
				want = m.forget(func(k key, _ time.Time) bool { return k == key{caller, room, user} })
			case 4:
				e, _ := s.Cancel(id, 0, caller)
				got = usersOf(e)
				want = m.forget(func(k key, _ time.Time) bool { return k.caller == caller && k.room == room })
			case 5:
				got = usersOf(s.Gone(caller, int(room))...)
				want = m.forget(func(k key, _ time.Time) bool { return k.caller == caller && k.room == room })
			case 6:
				called, calling := s.Leave(room, user)
				got = usersOf(slices.Concat(called, calling)...)
				want = m.forget(func(k key, _ time.Time) bool { return k.room == room && (k.user == user || k.caller == user) })
			case 7:
				now = now.Add(time.Duration(pick(20)) * time.Second)
				got = usersOf(s.Expire(now)...)
				want = m.forget(func(_ key, until time.Time) bool { return !until.After(now) })
			}
			require.Equal(t, want, got, what)
			requireSame(t, m, s, what)
		}
	}
}

// requireSame compares what rings for whom, and what is due next.
func requireSame(t *testing.T, m model, s *ring.Set[int], what string) {
	t.Helper()
	var next time.Time
	rings := model{}
	for k, until := range m {
		if next.IsZero() || until.Before(next) {
			next = until
		}
		require.True(t, s.Calling(k.caller), what)
		for _, r := range s.Of(k.user) {
			rings[key{r.Invite.Caller.ID, r.Invite.RoomID, k.user}] = r.Until
		}
	}
	require.Equal(t, m, rings, what)
	require.Equal(t, next, s.Next(), what)
}

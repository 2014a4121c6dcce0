package storetest

import (
	"fmt"
	"sync"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func orderTests() []subtest {
	return []subtest{
		{"each room called back in the order queued", orderOfCallbacks},
		{"gap-free under concurrent writers", orderConcurrent},
		{"each writer keeps its own order", orderPerWriter},
	}
}

// orderOfCallbacks checks both that callbacks keep a room's order of the queue
// and that they never overlap: called has no lock.
func orderOfCallbacks(f *fixture) {
	ann := f.user("ann")
	rooms := []store.Room{f.room(ann), f.room(ann), f.room(ann)}
	const n = 1500
	type call struct {
		i int
		m store.Message
	}
	var called []call
	all := make(chan struct{})
	for i := range n {
		f.store.PostMessage(store.NewMessage{
			RoomID: rooms[i%len(rooms)].ID, AuthorID: ann.ID, Content: fmt.Sprint(i),
		}, func(m store.Message, _ bool, _ error) {
			called = append(called, call{i, m})
			if len(called) == n {
				close(all)
			}
		})
	}
	select {
	case <-all:
	case <-f.ctx.Done():
		require.Fail(f, "not every message was called back")
	}
	next := []int{0, 1, 2} // by room
	for _, c := range called {
		r := c.i % len(rooms)
		require.Equal(f, next[r], c.i, "room %d", r)
		next[r] += len(rooms)
		require.Equal(f, fmt.Sprint(c.i), c.m.Content)
		require.EqualValues(f, c.i/len(rooms)+1, c.m.Seq)
		require.Equal(f, rooms[r].ID, c.m.RoomID)
	}
	for _, r := range rooms {
		f.requireGapFree(r, n/len(rooms))
	}
}

func orderConcurrent(f *fixture) {
	const writers, each = 16, 60
	users := make([]store.User, 4)
	for i := range users {
		users[i] = f.user(fmt.Sprint("user", i))
	}
	rooms := make([]store.Room, 3)
	for i := range rooms {
		rooms[i] = f.room(users[0], users[1:]...)
	}
	var wg sync.WaitGroup
	type key struct{ room, seq int64 }
	answers := make(chan store.Message, writers*each*len(rooms))
	errs := make(chan error, writers*each*len(rooms))
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				for _, r := range rooms {
					m, _, err := f.post(store.NewMessage{
						RoomID: r.ID, AuthorID: users[w%len(users)].ID, Content: fmt.Sprintf("%d/%d", w, i),
					})
					errs <- err
					answers <- m
				}
			}
		})
	}
	wg.Wait()
	close(answers)
	close(errs)
	for err := range errs {
		require.NoError(f, err)
	}
	told := make(map[key]store.Message)
	for m := range answers {
		told[key{m.RoomID, m.Seq}] = m
	}
	require.Len(f, told, writers*each*len(rooms), "a number was given twice")
	for _, r := range rooms {
		for _, m := range f.requireGapFree(r, writers*each) {
			require.Equal(f, told[key{r.ID, m.Seq}], m, "what was called back is not what is stored")
		}
	}
}

func orderPerWriter(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	const writers, each = 8, 200
	var wg sync.WaitGroup
	var called sync.WaitGroup
	for w := range writers {
		called.Add(each)
		wg.Go(func() {
			for i := range each {
				f.store.PostMessage(store.NewMessage{
					RoomID: r.ID, AuthorID: ann.ID, Content: fmt.Sprintf("%d %d", w, i),
				}, func(store.Message, bool, error) { called.Done() })
			}
		})
	}
	wg.Wait()
	called.Wait()
	next := make([]int, writers)
	for _, m := range f.requireGapFree(r, writers*each) {
		var w, i int
		_, err := fmt.Sscanf(m.Content, "%d %d", &w, &i)
		require.NoError(f, err)
		require.Equal(f, next[w], i, "writer %d", w)
		next[w]++
	}
}

package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func raceTests() []subtest {
	return []subtest{
		{"nothing of a removed user is stored", raceRemoval},
		{"nothing is left of a deleted room", raceDeletion},
		{"readers see every number below the newest", raceReaders},
		{"catch-up and live meet without a gap", raceCatchUp},
	}
}

// raceRemoval removes ben while he writes. What was stored before is all that
// there may ever be.
func raceRemoval(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	for round := range 20 {
		var stop atomic.Bool
		var wg sync.WaitGroup
		started := make(chan struct{})
		wg.Go(func() {
			for i := 0; !stop.Load(); i++ {
				f.store.PostMessage(store.NewMessage{RoomID: r.ID, AuthorID: ben.ID, Content: "race"},
					func(store.Message, bool, error) {})
				if i == 10 {
					close(started)
				}
				if i > 10 {
					_, _, _ = f.post(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "pace"})
				}
			}
		})
		<-started
		f.leave(r, ben)
		count := f.countBy(r, ben)
		stop.Store(true)
		wg.Wait()
		_, _, err := f.post(store.NewMessage{RoomID: r.ID, AuthorID: ben.ID, Content: "late"})
		require.ErrorIs(f, err, store.ErrNotParticipant)
		require.Equal(f, count, f.countBy(r, ben), "round %d: a message after removal", round)
		f.join(r, ben)
	}
}

func (f *fixture) countBy(r store.Room, u store.User) int {
	f.Helper()
	room, err := f.store.RoomByID(f.ctx, r.ID)
	require.NoError(f, err)
	all, err := f.store.MessagesAfter(f.ctx, r.ID, 0, int(room.LastSeq)+1000)
	require.NoError(f, err)
	n := 0
	for _, m := range all {
		if m.Author.ID == u.ID {
			n++
		}
	}
	return n
}

func raceDeletion(f *fixture) {
	ann := f.user("ann")
	for range 10 {
		r := f.room(ann)
		var wg sync.WaitGroup
		bad := make(chan error, 100)
		half := make(chan struct{})
		wg.Go(func() {
			for i := range cap(bad) {
				if i == cap(bad)/2 {
					close(half)
				}
				_, _, err := f.post(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: fmt.Sprint(i)})
				if err != nil && !errors.Is(err, store.ErrNotFound) {
					bad <- err
				}
			}
		})
		<-half
		require.NoError(f, f.store.DeleteRoom(f.ctx, r.ID))
		wg.Wait()
		require.Empty(f, bad)
		left, err := f.store.MessagesAfter(f.ctx, r.ID, 0, 1000)
		require.NoError(f, err)
		require.Empty(f, left)
	}
}

// raceReaders checks that a room's newest number is never seen before the
// messages up to it.
func raceReaders(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	const n, tail = 600, 20
	var wg sync.WaitGroup
	var called sync.WaitGroup
	called.Add(n)
	wg.Go(func() {
		for i := range n {
			f.store.PostMessage(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: fmt.Sprint(i)},
				func(store.Message, bool, error) { called.Done() })
		}
	})
	problems := make(chan string, 4)
	for range cap(problems) {
		wg.Go(func() {
			for seen := int64(0); seen < n; {
				room, err := f.store.RoomByID(f.ctx, r.ID)
				if err != nil {
					problems <- err.Error()
					return
				}
				last, err := f.store.MessagesBefore(f.ctx, r.ID, room.LastSeq+1, tail)
				if err != nil || int64(len(last)) != min(room.LastSeq, tail) || room.LastSeq < seen {
					problems <- fmt.Sprintf("newest %d after %d: %d messages, %v", room.LastSeq, seen, len(last), err)
					return
				}
				seen = room.LastSeq
			}
		})
	}
	wg.Wait()
	called.Wait()
	close(problems)
	for p := range problems {
		require.Fail(f, p)
	}
}

// raceCatchUp does what a socket does with since_seq: from some moment on it
// hears of every message called back; what came before it reads.
func raceCatchUp(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	const n = 600
	var mu sync.Mutex
	var live []int64
	listening := false
	var called sync.WaitGroup
	called.Add(n)
	half := make(chan struct{})
	for i := range n {
		f.store.PostMessage(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: fmt.Sprint(i)},
			func(m store.Message, _ bool, _ error) {
				defer called.Done()
				mu.Lock()
				defer mu.Unlock()
				if listening {
					live = append(live, m.Seq)
				}
				if i == n/2 {
					close(half)
				}
			})
	}
	<-half
	mu.Lock()
	listening = true
	mu.Unlock()
	caughtUp, err := f.store.MessagesAfter(f.ctx, r.ID, 0, n)
	require.NoError(f, err)
	called.Wait()
	got := make(map[int64]bool)
	for _, m := range caughtUp {
		got[m.Seq] = true
	}
	for _, seq := range live {
		got[seq] = true
	}
	require.Len(f, got, n, "read %d, heard %d", len(caughtUp), len(live))
}

package storetest

import (
	"fmt"
	"sync"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func idempotenceTests() []subtest {
	return []subtest{
		{"the same again yields the first", resentOnce},
		{"scope is room and author", resentScope},
		{"without an id nothing is the same", resentWithoutID},
		{"queued together", resentTogether},
		{"from many goroutines", resentConcurrently},
		{"after an edit and a deletion", resentAfterChange},
		{"among new ones", resentAmongNew},
		{"between an edit and a deletion", resentAfterQueuedChange},
		{"moves nothing", resentMovesNothing},
	}
}

func resentOnce(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	send := store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "first", ClientMsgID: "id"}
	first, created, err := f.post(send)
	require.NoError(f, err)
	require.True(f, created)
	send.Content = "second"
	again, created, err := f.post(send)
	require.NoError(f, err)
	require.False(f, created)
	require.Equal(f, first, again)
	f.requireGapFree(r, 1)

	f.leave(r, ben)
	_, _, err = f.post(store.NewMessage{RoomID: r.ID, AuthorID: ben.ID, ClientMsgID: "id"})
	require.ErrorIs(f, err, store.ErrNotParticipant)
}

func resentScope(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r, other := f.room(ann, ben), f.room(ann, ben)
	n := int64(0)
	for _, room := range []store.Room{r, other} {
		for _, u := range []store.User{ann, ben} {
			for _, id := range []string{"id", "ID", " id", "íd"} {
				m, created, err := f.post(store.NewMessage{RoomID: room.ID, AuthorID: u.ID, ClientMsgID: id})
				require.NoError(f, err)
				require.True(f, created, "%q of %s in room %d", id, u.Username, room.ID)
				require.Greater(f, m.ID, n)
				n = m.ID
			}
		}
	}
}

func resentWithoutID(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	for i := range 3 {
		require.EqualValues(f, i+1, f.say(r, ann, "same").Seq)
	}
}

func resentTogether(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	const times = 100
	type answer struct {
		m       store.Message
		created bool
		err     error
	}
	answers := make(chan answer, 2*times)
	done := func(m store.Message, created bool, err error) { answers <- answer{m, created, err} }
	for i := range times {
		f.store.PostMessage(store.NewMessage{
			RoomID: r.ID, AuthorID: ann.ID, Content: fmt.Sprint(i), ClientMsgID: "same",
		}, done)
		f.store.PostMessage(store.NewMessage{
			RoomID: r.ID, AuthorID: ann.ID, Content: fmt.Sprint(i), ClientMsgID: fmt.Sprint(i),
		}, done)
	}
	var first store.Message
	for i := range times {
		same, own := <-answers, <-answers
		require.NoError(f, same.err)
		require.NoError(f, own.err)
		if i == 0 {
			first = same.m
		}
		require.Equal(f, i == 0, same.created, "resend %d", i)
		require.Equal(f, first, same.m)
		require.True(f, own.created)
		require.EqualValues(f, i+2, own.m.Seq)
	}
	require.Equal(f, "0", f.requireGapFree(r, times+1)[0].Content)
}

func resentConcurrently(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	const goroutines, ids = 16, 20
	var wg sync.WaitGroup
	var mu sync.Mutex
	created := make(map[string]int)
	seqs := make(map[string]map[int64]bool)
	errs := make(chan error, goroutines*ids)
	for range goroutines {
		wg.Go(func() {
			for i := range ids {
				id := fmt.Sprint("id-", i)
				m, did, err := f.post(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: id, ClientMsgID: id})
				errs <- err
				mu.Lock()
				if seqs[id] == nil {
					seqs[id] = make(map[int64]bool)
				}
				seqs[id][m.Seq] = true
				if did {
					created[id]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		require.NoError(f, err)
	}
	for id, n := range created {
		require.Equal(f, 1, n, "%s was created %d times", id, n)
		require.Len(f, seqs[id], 1, "%s got several numbers", id)
	}
	require.Len(f, created, ids)
	f.requireGapFree(r, ids)
}

func resentAfterChange(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	send := store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "first", ClientMsgID: "id"}
	first, _, err := f.post(send)
	require.NoError(f, err)
	edited, err := f.edit(r.ID, ann.ID, first.ID, "edited")
	require.NoError(f, err)
	again, created, err := f.post(send)
	require.NoError(f, err)
	require.False(f, created)
	require.Equal(f, edited, again)
	deleted, _, err := f.empty(r.ID, ann.ID, first.ID)
	require.NoError(f, err)
	again, created, err = f.post(send)
	require.NoError(f, err)
	require.False(f, created, "a deleted message came back")
	require.Equal(f, deleted, again)
}

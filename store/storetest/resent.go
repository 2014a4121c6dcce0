package storetest

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"parley/store"
)

// resentAmongNew queues new messages with resends among them: of messages
// stored long ago, and of some that are queued just before. A resend takes
// neither a number nor a place.
func resentAmongNew(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	old := make(map[string]store.Message)
	send := func(u store.User, id string) store.NewMessage {
		return store.NewMessage{RoomID: r.ID, AuthorID: u.ID, Content: "text of " + id, ClientMsgID: id}
	}
	for i := range 5 {
		id := fmt.Sprint("old ", i)
		m, _, err := f.post(send(ann, id))
		require.NoError(f, err)
		old[id] = m
	}
	const n = 200
	type answer struct {
		m       store.Message
		created bool
		err     error
	}
	answers := make(chan answer, 2*n)
	done := func(m store.Message, created bool, err error) { answers <- answer{m, created, err} }
	again := func(i int) string { // of the resend after the i-th new message
		if i%3 == 0 {
			return fmt.Sprint("old ", i%5)
		}
		return fmt.Sprint("new ", i/2)
	}
	for i := range n {
		f.store.PostMessage(send(ann, fmt.Sprint("new ", i)), done)
		f.store.PostMessage(send(ann, again(i)), done)
	}
	for i := range n {
		first, resend := <-answers, <-answers
		require.NoError(f, first.err)
		require.NoError(f, resend.err)
		require.True(f, first.created, "new message %d", i)
		require.EqualValues(f, len(old)+1, first.m.Seq)
		old[first.m.ClientMsgID] = first.m
		require.False(f, resend.created, "resend %d", i)
		require.Equal(f, old[again(i)], resend.m, "resend %d", i)
	}
	last := int64(0)
	for _, m := range f.requireGapFree(r, len(old)) {
		require.Equal(f, old[m.ClientMsgID], m)
		require.Greater(f, m.ID, last)
		last = m.ID
	}
	m, created, err := f.post(send(ben, "old 0"))
	require.NoError(f, err)
	require.True(f, created, "another's id")
	require.EqualValues(f, len(old)+1, m.Seq)
}

// resentAfterQueuedChange resends what is being edited and deleted at the same
// time: each answer shows the message as it is then.
func resentAfterQueuedChange(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	send := store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "first", ClientMsgID: "id"}
	first, _, err := f.post(send)
	require.NoError(f, err)
	got := make(chan store.Message, 5)
	note := func(m store.Message, _ bool, _ error) { got <- m }
	f.store.PostEdit(r.ID, ann.ID, first.ID, "edited", func(m store.Message, _ error) { got <- m })
	f.store.PostMessage(send, note)
	f.store.PostMessage(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "next", ClientMsgID: "next"}, note)
	f.store.PostDelete(r.ID, ann.ID, first.ID, note)
	f.store.PostMessage(send, note)
	edited, asEdited, next, deleted, asDeleted := <-got, <-got, <-got, <-got, <-got
	require.Equal(f, "edited", edited.Content)
	require.Equal(f, edited, asEdited)
	require.EqualValues(f, 2, next.Seq)
	require.False(f, deleted.DeletedAt.IsZero())
	require.Equal(f, deleted, asDeleted)
	f.requireGapFree(r, 2)
}

// resentMovesNothing: a room does not come first in the list for a resend.
func resentMovesNothing(f *fixture) {
	ann := f.user("ann")
	first, second := f.room(ann), f.room(ann)
	send := store.NewMessage{RoomID: first.ID, AuthorID: ann.ID, ClientMsgID: "id"}
	_, _, err := f.post(send)
	require.NoError(f, err)
	f.tick()
	f.say(second, ann, "newer")
	f.tick()
	_, created, err := f.post(send)
	require.NoError(f, err)
	require.False(f, created)
	list, _, err := f.store.RoomsOf(f.ctx, ann.ID, store.Page{Limit: 10})
	require.NoError(f, err)
	require.Equal(f, second.ID, list[0].ID)
	require.EqualValues(f, 1, list[1].LastSeq)
}

package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func postTests() []subtest {
	return []subtest{
		{"stored", postStored},
		{"refused", postRefused},
		{"a refusal does not touch its neighbours", postNeighbours},
		{"seen by reads once called back", postThenRead},
	}
}

func postStored(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	before := time.Now().Truncate(time.Millisecond)
	m, created, err := f.post(store.NewMessage{RoomID: r.ID, AuthorID: ben.ID, Content: "hello", ClientMsgID: "c-1"})
	require.NoError(f, err)
	require.True(f, created)
	require.Positive(f, m.ID)
	requireStamp(f, before, m.CreatedAt)
	require.Equal(f, store.Message{
		ID: m.ID, Seq: 1, RoomID: r.ID, Author: authorOf(ben),
		Content: "hello", ClientMsgID: "c-1", CreatedAt: m.CreatedAt,
	}, m)
	got, err := f.store.MessageByID(f.ctx, r.ID, m.ID)
	require.NoError(f, err)
	require.Equal(f, m, got)

	next := f.say(r, ann, "")
	require.EqualValues(f, 2, next.Seq)
	require.Greater(f, next.ID, m.ID)
	require.EqualValues(f, 2, f.view(r, ann).LastSeq)
	require.EqualValues(f, 1, f.say(f.room(ann), ann, "elsewhere").Seq, "each room counts for itself")
}

func postRefused(f *fixture) {
	ann, eve := f.user("ann"), f.user("eve")
	r := f.room(ann)
	for _, c := range []struct {
		m    store.NewMessage
		want error
	}{
		{store.NewMessage{RoomID: r.ID + 1, AuthorID: ann.ID}, store.ErrNotFound},
		{store.NewMessage{RoomID: 0, AuthorID: ann.ID}, store.ErrNotFound},
		{store.NewMessage{RoomID: r.ID, AuthorID: eve.ID}, store.ErrNotParticipant},
		{store.NewMessage{RoomID: r.ID, AuthorID: eve.ID + 1}, store.ErrNotParticipant},
	} {
		m, created, err := f.post(c.m)
		require.ErrorIs(f, err, c.want, "%+v", c.m)
		require.False(f, created)
		require.Zero(f, m)
	}
	require.Zero(f, f.view(r, ann).LastSeq)
	require.EqualValues(f, 1, f.say(r, ann, "first").Seq, "a refused message took a number")
}

// postNeighbours queues good and bad writes of every kind at once, so that a
// back end which groups them has them in one group.
func postNeighbours(f *fixture) {
	ann, eve := f.user("ann"), f.user("eve")
	r := f.room(ann)
	first := f.say(r, ann, "first")
	const rounds = 50
	errs := make(chan error, 5*rounds)
	note := func(_ store.Message, _ bool, err error) { errs <- err }
	for range rounds {
		f.store.PostMessage(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "good"}, note)
		f.store.PostMessage(store.NewMessage{RoomID: r.ID, AuthorID: eve.ID, Content: "bad"}, note)
		f.store.PostEdit(r.ID, ann.ID, first.ID, "good", func(_ store.Message, err error) { errs <- err })
		f.store.PostDelete(r.ID, ann.ID, 1<<40, note)
		f.store.PostRead(r.ID, eve.ID, first.ID, func(_ store.ReadMarker, _ bool, err error) { errs <- err })
	}
	for range rounds {
		require.NoError(f, <-errs)
		require.ErrorIs(f, <-errs, store.ErrNotParticipant)
		require.NoError(f, <-errs)
		require.ErrorIs(f, <-errs, store.ErrNotFound)
		require.ErrorIs(f, <-errs, store.ErrNotParticipant)
	}
	f.requireGapFree(r, 1+rounds)
}

func postThenRead(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	for i := range 200 {
		m := f.say(r, ann, "x")
		got, err := f.store.MessageByID(f.ctx, r.ID, m.ID)
		require.NoError(f, err, "message %d was called back and cannot be read", i)
		require.Equal(f, m, got)
	}
}

// requireGapFree checks that a room holds seq 1 to n, each once, and returns
// them.
func (f *fixture) requireGapFree(r store.Room, n int) []store.Message {
	f.Helper()
	var all []store.Message
	for {
		after := int64(len(all))
		page, err := f.store.MessagesAfter(f.ctx, r.ID, after, 100)
		require.NoError(f, err)
		if len(page) == 0 {
			break
		}
		for i, m := range page {
			require.Equal(f, after+int64(i)+1, m.Seq, "room %d", r.ID)
		}
		all = append(all, page...)
	}
	require.Len(f, all, n)
	got, err := f.store.RoomByID(f.ctx, r.ID)
	require.NoError(f, err)
	require.EqualValues(f, n, got.LastSeq)
	return all
}

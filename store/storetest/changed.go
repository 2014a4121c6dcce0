package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func changedTests() []subtest {
	return []subtest{
		{"edited or deleted since", changedSince},
		{"a later change moves it", changedTwice},
		{"pages", changedPages},
	}
}

func (f *fixture) requireChanged(
	r store.Room, since time.Time, p store.Page, wantCount int, want ...store.Message,
) {
	f.Helper()
	got, count, err := f.store.MessagesChangedSince(f.ctx, r.ID, since, p)
	require.NoError(f, err)
	require.Equal(f, wantCount, count)
	requireMessages(f, want, got, "since %v, page %+v", since, p)
}

func changedSince(f *fixture) {
	ann := f.user("ann")
	r, other := f.room(ann), f.room(ann)
	a, b := f.say(r, ann, "a"), f.say(r, ann, "b")
	f.say(r, ann, "never changed")
	elsewhere := f.say(other, ann, "elsewhere")
	all := store.Page{Limit: 10}
	f.requireChanged(r, time.Time{}, all, 0)

	f.tick()
	b, err := f.edit(r.ID, ann.ID, b.ID, "b2")
	require.NoError(f, err)
	f.tick()
	a, _, err = f.empty(r.ID, ann.ID, a.ID)
	require.NoError(f, err)
	_, err = f.edit(other.ID, ann.ID, elsewhere.ID, "elsewhere 2")
	require.NoError(f, err)

	f.requireChanged(r, time.Time{}, all, 2, b, a)
	f.requireChanged(r, b.EditedAt, all, 2, b, a)
	f.requireChanged(r, b.EditedAt.Add(time.Millisecond), all, 1, a)
	f.requireChanged(r, a.DeletedAt, all, 1, a)
	f.requireChanged(r, a.DeletedAt.Add(time.Millisecond), all, 0)
	f.requireChanged(r, a.DeletedAt.In(time.FixedZone("east", 3600)), all, 1, a)
	f.requireChanged(store.Room{ID: other.ID + 1}, time.Time{}, all, 0)
}

func changedTwice(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	a, b := f.say(r, ann, "a"), f.say(r, ann, "b")
	a, err := f.edit(r.ID, ann.ID, a.ID, "a2")
	require.NoError(f, err)
	f.tick()
	b, err = f.edit(r.ID, ann.ID, b.ID, "b2")
	require.NoError(f, err)
	f.requireChanged(r, a.EditedAt, store.Page{Limit: 10}, 2, a, b)
	f.tick()
	a, _, err = f.empty(r.ID, ann.ID, a.ID)
	require.NoError(f, err)
	f.requireChanged(r, time.Time{}, store.Page{Limit: 10}, 2, b, a)
	f.tick()
	_, deleted, err := f.empty(r.ID, ann.ID, a.ID)
	require.NoError(f, err)
	require.False(f, deleted)
	f.requireChanged(r, a.DeletedAt.Add(time.Millisecond), store.Page{Limit: 10}, 0)
}

func changedPages(f *fixture) {
	r, messages := f.talk(5)
	for i, m := range messages {
		edited, err := f.edit(r.ID, m.Author.ID, m.ID, "edited")
		require.NoError(f, err)
		messages[i] = edited
	}
	f.requireChanged(r, time.Time{}, store.Page{Limit: 2}, 5, messages[:2]...)
	f.requireChanged(r, time.Time{}, store.Page{Offset: 2, Limit: 2}, 5, messages[2:4]...)
	f.requireChanged(r, time.Time{}, store.Page{Offset: 4, Limit: 2}, 5, messages[4:]...)
	f.requireChanged(r, time.Time{}, store.Page{Offset: 5, Limit: 2}, 5)
	f.requireChanged(r, time.Time{}, store.Page{Limit: 0}, 5)
}

package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func changeTests() []subtest {
	return []subtest{
		{"edited", changeEdited},
		{"deleted", changeDeleted},
		{"refused", changeRefused},
		{"of a message queued just before", changeJustQueued},
	}
}

func changeEdited(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	m, _, err := f.post(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "first", ClientMsgID: "id"})
	require.NoError(f, err)
	other := f.say(r, ben, "other")
	for _, content := range []string{"second", "third", ""} {
		before := time.Now().Truncate(time.Millisecond)
		got, err := f.edit(r.ID, ben.ID, m.ID, content)
		require.NoError(f, err, "any participant: who may edit is decided above")
		requireStamp(f, before, got.EditedAt)
		m.Content, m.EditedAt = content, got.EditedAt
		require.Equal(f, m, got)
		stored, err := f.store.MessageByID(f.ctx, r.ID, m.ID)
		require.NoError(f, err)
		require.Equal(f, m, stored)
		f.tick()
	}
	stored, err := f.store.MessageByID(f.ctx, r.ID, other.ID)
	require.NoError(f, err)
	require.Equal(f, other, stored)
	require.EqualValues(f, 2, f.view(r, ann).LastSeq)
}

func changeDeleted(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	m := f.say(r, ann, "secret")
	m, err := f.edit(r.ID, ann.ID, m.ID, "secret 2")
	require.NoError(f, err)
	before := time.Now().Truncate(time.Millisecond)
	got, deleted, err := f.empty(r.ID, ben.ID, m.ID)
	require.NoError(f, err)
	require.True(f, deleted)
	requireStamp(f, before, got.DeletedAt)
	m.Content, m.DeletedAt = "", got.DeletedAt
	require.Equal(f, m, got)

	f.tick()
	again, deleted, err := f.empty(r.ID, ann.ID, m.ID)
	require.NoError(f, err)
	require.False(f, deleted)
	require.Equal(f, m, again)
	_, err = f.edit(r.ID, ann.ID, m.ID, "back")
	require.ErrorIs(f, err, store.ErrDeleted)
	require.Equal(f, []store.Message{m}, f.requireGapFree(r, 1), "a deleted message keeps its place")
	require.EqualValues(f, 2, f.say(r, ann, "next").Seq)
}

func changeRefused(f *fixture) {
	ann, eve := f.user("ann"), f.user("eve")
	r, other := f.room(ann), f.room(ann)
	m := f.say(r, ann, "mine")
	for _, c := range []struct {
		name                string
		room, user, message int64
		want                error
	}{
		{"no such room", other.ID + 1, ann.ID, m.ID, store.ErrNotFound},
		{"no such message", r.ID, ann.ID, m.ID + 1, store.ErrNotFound},
		{"message 0", r.ID, ann.ID, 0, store.ErrNotFound},
		{"message of another room", other.ID, ann.ID, m.ID, store.ErrNotFound},
		{"a stranger", r.ID, eve.ID, m.ID, store.ErrNotParticipant},
		{"nobody", r.ID, eve.ID + 1, m.ID, store.ErrNotParticipant},
	} {
		got, err := f.edit(c.room, c.user, c.message, "changed")
		require.ErrorIs(f, err, c.want, "edit: %s", c.name)
		require.Zero(f, got)
		got, deleted, err := f.empty(c.room, c.user, c.message)
		require.ErrorIs(f, err, c.want, "delete: %s", c.name)
		require.False(f, deleted)
		require.Zero(f, got)
	}
	require.Equal(f, []store.Message{m}, f.requireGapFree(r, 1))
}

// changeJustQueued does not wait for the message before it edits it: it
// guesses the id.
func changeJustQueued(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	id := f.say(r, ann, "first").ID
	for range 20 {
		id++
		f.store.PostMessage(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "new"},
			func(store.Message, bool, error) {})
		m, err := f.edit(r.ID, ann.ID, id, "edited")
		require.NoError(f, err)
		require.Equal(f, "edited", m.Content)
	}
	for _, m := range f.requireGapFree(r, 21)[1:] {
		require.Equal(f, "edited", m.Content)
	}
}

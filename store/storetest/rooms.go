package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func roomTests() []subtest {
	return []subtest{
		{"created with its owner", roomCreated},
		{"unknown", roomUnknown},
		{"updated", roomUpdated},
		{"handed over", roomHandedOver},
		{"deleted with all that is in it", roomDeleted},
	}
}

func roomCreated(f *fixture) {
	ann := f.user("ann")
	before := time.Now().Truncate(time.Millisecond)
	r, err := f.store.CreateRoom(f.ctx, store.NewRoom{Name: "Tea & ☕", OwnerID: ann.ID, Private: true})
	require.NoError(f, err)
	require.Positive(f, r.ID)
	require.Equal(f, "Tea & ☕", r.Name)
	require.Equal(f, authorOf(ann), r.Owner)
	require.True(f, r.Private)
	require.Zero(f, r.LastSeq)
	require.Equal(f, r.CreatedAt, r.UpdatedAt)
	requireStamp(f, before, r.CreatedAt)

	got, err := f.store.RoomByID(f.ctx, r.ID)
	require.NoError(f, err)
	require.Equal(f, r, got)
	joined, err := f.store.IsParticipant(f.ctx, r.ID, ann.ID)
	require.NoError(f, err)
	require.True(f, joined)
	require.False(f, f.room(ann).Private)

	_, err = f.store.CreateRoom(f.ctx, store.NewRoom{Name: "no owner", OwnerID: ann.ID + 1})
	require.ErrorIs(f, err, store.ErrNotFound)
}

func roomUnknown(f *fixture) {
	ann := f.user("ann")
	name := "new"
	_, err := f.store.RoomByID(f.ctx, 1)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.RoomFor(f.ctx, 1, ann.ID)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.UpdateRoom(f.ctx, 1, store.RoomChange{Name: &name})
	require.ErrorIs(f, err, store.ErrNotFound)
	require.ErrorIs(f, f.store.DeleteRoom(f.ctx, 1), store.ErrNotFound)
}

func roomUpdated(f *fixture) {
	r := f.room(f.user("ann"))
	name, private := "renamed", true
	for _, change := range []store.RoomChange{{Name: &name}, {Private: &private}, {}} {
		f.tick()
		got, err := f.store.UpdateRoom(f.ctx, r.ID, change)
		require.NoError(f, err)
		if change.Name != nil {
			r.Name = name
		}
		if change.Private != nil {
			r.Private = private
		}
		require.True(f, got.UpdatedAt.After(r.UpdatedAt))
		r.UpdatedAt = got.UpdatedAt
		require.Equal(f, r, got)
		stored, err := f.store.RoomByID(f.ctx, r.ID)
		require.NoError(f, err)
		require.Equal(f, r, stored)
	}
}

func roomHandedOver(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	r := f.room(ann, ben)
	name := "mine"
	_, err := f.store.UpdateRoom(f.ctx, r.ID, store.RoomChange{Name: &name, OwnerID: &eve.ID})
	require.ErrorIs(f, err, store.ErrNotParticipant)
	got, err := f.store.RoomByID(f.ctx, r.ID)
	require.NoError(f, err)
	require.Equal(f, r, got, "a refused update changed something")

	_, err = f.store.RemoveParticipant(f.ctx, r.ID, ann.ID)
	require.ErrorIs(f, err, store.ErrOwner)
	got, err = f.store.UpdateRoom(f.ctx, r.ID, store.RoomChange{OwnerID: &ben.ID})
	require.NoError(f, err)
	require.Equal(f, authorOf(ben), got.Owner)
	f.leave(r, ann)
	_, err = f.store.RemoveParticipant(f.ctx, r.ID, ben.ID)
	require.ErrorIs(f, err, store.ErrOwner)
}

func roomDeleted(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	gone, kept := f.room(ann, ben), f.room(ann, ben)
	inGone, inKept := f.say(gone, ben, "gone"), f.say(kept, ben, "kept")
	require.NoError(f, f.store.DeleteRoom(f.ctx, gone.ID))

	require.ErrorIs(f, f.store.DeleteRoom(f.ctx, gone.ID), store.ErrNotFound)
	_, err := f.store.RoomByID(f.ctx, gone.ID)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.MessageByID(f.ctx, gone.ID, inGone.ID)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, count, err := f.store.ParticipantsOf(f.ctx, gone.ID, store.Page{Limit: 10})
	require.NoError(f, err)
	require.Zero(f, count)
	rooms, count, err := f.store.RoomsOf(f.ctx, ben.ID, store.Page{Limit: 10})
	require.NoError(f, err)
	require.Equal(f, 1, count)
	require.Equal(f, kept.ID, rooms[0].ID)
	_, _, err = f.post(store.NewMessage{RoomID: gone.ID, AuthorID: ann.ID, Content: "late"})
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.edit(gone.ID, ben.ID, inGone.ID, "late")
	require.ErrorIs(f, err, store.ErrNotFound)

	got, err := f.store.MessageByID(f.ctx, kept.ID, inKept.ID)
	require.NoError(f, err)
	require.Equal(f, inKept, got)
	fresh := f.room(ann)
	require.Greater(f, fresh.ID, max(gone.ID, kept.ID), "a room's id was used again")
	require.NoError(f, f.store.DeleteRoom(f.ctx, kept.ID))
	require.Greater(f, f.say(fresh, ann, "new").ID, inKept.ID, "a message's id was used again")
}

package storetest

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func participantTests() []subtest {
	return []subtest{
		{"added and removed", participantAddedRemoved},
		{"refused", participantRefused},
		{"first to join first", participantOrder},
		{"pages", participantPages},
	}
}

func participantAddedRemoved(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann)
	for _, want := range []bool{true, false} {
		added, err := f.store.AddParticipant(f.ctx, r.ID, ben.ID)
		require.NoError(f, err)
		require.Equal(f, want, added)
		joined, err := f.store.IsParticipant(f.ctx, r.ID, ben.ID)
		require.NoError(f, err)
		require.True(f, joined)
	}
	for _, want := range []bool{true, false} {
		removed, err := f.store.RemoveParticipant(f.ctx, r.ID, ben.ID)
		require.NoError(f, err)
		require.Equal(f, want, removed)
		joined, err := f.store.IsParticipant(f.ctx, r.ID, ben.ID)
		require.NoError(f, err)
		require.False(f, joined)
	}
	require.Equal(f, 1, f.view(r, ann).ParticipantCount)
}

func participantRefused(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	_, err := f.store.AddParticipant(f.ctx, r.ID+1, ann.ID)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.AddParticipant(f.ctx, r.ID, ann.ID+1)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.RemoveParticipant(f.ctx, r.ID+1, ann.ID)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.RemoveParticipant(f.ctx, r.ID, ann.ID)
	require.ErrorIs(f, err, store.ErrOwner)
	removed, err := f.store.RemoveParticipant(f.ctx, r.ID, ann.ID+1)
	require.NoError(f, err)
	require.False(f, removed)
	joined, err := f.store.IsParticipant(f.ctx, r.ID+1, ann.ID)
	require.NoError(f, err)
	require.False(f, joined)
	_, err = f.store.ParticipantOf(f.ctx, r.ID+1, ann.ID)
	require.ErrorIs(f, err, store.ErrNotParticipant)
	_, err = f.store.ParticipantOf(f.ctx, r.ID, ann.ID+1)
	require.ErrorIs(f, err, store.ErrNotParticipant)
}

func participantOrder(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	before := time.Now().Truncate(time.Millisecond)
	r := f.room(eve, ben, ann)
	list, count, err := f.store.ParticipantsOf(f.ctx, r.ID, store.Page{Limit: 10})
	require.NoError(f, err)
	require.Equal(f, 3, count)
	require.Len(f, list, 3)
	for i, want := range []store.User{eve, ben, ann} {
		require.Equal(f, authorOf(want), list[i].Author)
		require.Equal(f, i == 0, list[i].Owner)
		requireStamp(f, before, list[i].JoinedAt)
		one, err := f.store.ParticipantOf(f.ctx, r.ID, want.ID)
		require.NoError(f, err)
		require.Equal(f, list[i], one)
	}
	f.leave(r, ben)
	f.join(r, ben)
	list, _, err = f.store.ParticipantsOf(f.ctx, r.ID, store.Page{Limit: 10})
	require.NoError(f, err)
	require.Equal(f, []int64{eve.ID, ann.ID, ben.ID}, []int64{list[0].ID, list[1].ID, list[2].ID},
		"who comes back is last")
	list, count, err = f.store.ParticipantsOf(f.ctx, r.ID+1, store.Page{Limit: 10})
	require.NoError(f, err)
	require.Zero(f, count)
	require.Empty(f, list)
}

func participantPages(f *fixture) {
	owner := f.user("owner")
	r := f.room(owner)
	want := []int64{owner.ID}
	for i := range 4 {
		u := f.user(fmt.Sprint("user", i))
		f.join(r, u)
		want = append(want, u.ID)
	}
	for _, c := range []struct {
		page store.Page
		want []int64
	}{
		{store.Page{Limit: 2}, want[:2]},
		{store.Page{Offset: 2, Limit: 2}, want[2:4]},
		{store.Page{Offset: 4, Limit: 2}, want[4:]},
		{store.Page{Offset: 9, Limit: 2}, want[:0]},
		{store.Page{Offset: 0, Limit: 0}, want[:0]},
	} {
		list, count, err := f.store.ParticipantsOf(f.ctx, r.ID, c.page)
		require.NoError(f, err)
		require.Equal(f, 5, count)
		got := make([]int64, len(list))
		for i, p := range list {
			got[i] = p.ID
		}
		require.Equal(f, c.want, got, "page %+v", c.page)
	}
}

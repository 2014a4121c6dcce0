package storetest

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

// standingsTests are of what a node asks that may have missed news.
func standingsTests() []subtest {
	return []subtest{
		{"room heads", standingsHeads},
		{"live tokens", standingsTokens},
		{"belonging", standingsBelonging},
		{"thousands at once", standingsMany},
	}
}

func standingsHeads(f *fixture) {
	ann := f.user("ann")
	silent, talk, gone := f.room(ann), f.room(ann), f.room(ann)
	heads := func() map[int64]store.RoomHead {
		f.Helper()
		list, err := f.store.RoomHeads(f.ctx, []int64{gone.ID, talk.ID, silent.ID, 1 << 40})
		require.NoError(f, err)
		byID := make(map[int64]store.RoomHead)
		for _, h := range list {
			byID[h.RoomID] = h
		}
		require.Len(f, byID, len(list), "a room is there twice")
		return byID
	}
	first := f.say(talk, ann, "one")
	f.say(talk, ann, "two")
	require.NoError(f, f.store.DeleteRoom(f.ctx, gone.ID))
	want := map[int64]store.RoomHead{silent.ID: {RoomID: silent.ID}, talk.ID: {RoomID: talk.ID, LastSeq: 2}}
	require.Equal(f, want, heads())

	edited, err := f.edit(talk.ID, ann.ID, first.ID, "one, edited")
	require.NoError(f, err)
	want[talk.ID] = store.RoomHead{RoomID: talk.ID, LastSeq: 2, ChangedAt: edited.EditedAt}
	require.Equal(f, want, heads())
	f.tick()
	deleted, _, err := f.empty(talk.ID, ann.ID, first.ID)
	require.NoError(f, err)
	require.True(f, deleted.DeletedAt.After(edited.EditedAt))
	want[talk.ID] = store.RoomHead{RoomID: talk.ID, LastSeq: 2, ChangedAt: deleted.DeletedAt}
	require.Equal(f, want, heads())
	require.Equal(f, time.UTC, deleted.DeletedAt.Location())
}

func standingsTokens(f *fixture) {
	ann := f.user("ann")
	kept, err := f.store.CreateToken(f.ctx, ann.ID, hash("kept"))
	require.NoError(f, err)
	ended, err := f.store.CreateToken(f.ctx, ann.ID, hash("ended"))
	require.NoError(f, err)
	require.NoError(f, f.store.DeleteToken(f.ctx, ended.ID))
	live, err := f.store.LiveTokens(f.ctx, []int64{ended.ID, kept.ID, 1 << 40})
	require.NoError(f, err)
	require.Equal(f, []int64{kept.ID}, live)
}

func standingsBelonging(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	r, other := f.room(ann, ben), f.room(ann, eve)
	f.leave(other, eve)
	here := []store.Place{{RoomID: r.ID, UserID: ann.ID}, {RoomID: r.ID, UserID: ben.ID}, {RoomID: other.ID, UserID: ann.ID}}
	asked := append([]store.Place{
		{RoomID: r.ID, UserID: eve.ID},
		{RoomID: other.ID, UserID: eve.ID},
		{RoomID: 1 << 40, UserID: ann.ID},
		{RoomID: ann.ID + 1<<40, UserID: r.ID},
	}, here...)
	got, err := f.store.Belonging(f.ctx, asked)
	require.NoError(f, err)
	require.ElementsMatch(f, here, got)
}

func standingsMany(f *fixture) {
	ann := f.user("ann")
	const n = 5000
	r := f.room(ann)
	var ids []int64
	var places []store.Place
	for i := range int64(n) {
		ids = append(ids, 1<<40+i)
		places = append(places, store.Place{RoomID: 1<<40 + i, UserID: ann.ID})
	}
	for name, asked := range map[string]struct {
		ids    []int64
		places []store.Place
	}{
		"none":             {nil, nil},
		fmt.Sprint(n + 1):  {append(ids, r.ID), append(places, store.Place{RoomID: r.ID, UserID: ann.ID})},
		"only the unknown": {ids, places},
	} {
		want := min(len(asked.ids), n+1) / (n + 1)
		heads, err := f.store.RoomHeads(f.ctx, asked.ids)
		require.NoError(f, err, name)
		require.Len(f, heads, want, name)
		belonging, err := f.store.Belonging(f.ctx, asked.places)
		require.NoError(f, err, name)
		require.Len(f, belonging, want, name)
		tokens, err := f.store.LiveTokens(f.ctx, asked.ids[:min(len(asked.ids), n)])
		require.NoError(f, err, name)
		require.Empty(f, tokens, name)
	}
}

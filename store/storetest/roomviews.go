package storetest

import (
	"github.com/stretchr/testify/require"

	"parley/store"
)

func viewTests() []subtest {
	return []subtest{
		{"of participants only", viewParticipantsOnly},
		{"the last to change comes first", viewOrder},
		{"pages", viewPages},
	}
}

func viewParticipantsOnly(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	r := f.room(ann, ben)
	f.say(r, ann, "hello")
	v := f.view(r, ben)
	r.LastSeq = 1
	require.Equal(f, store.RoomView{Room: r, ParticipantCount: 2, UnreadCount: 1}, v)
	require.Equal(f, store.RoomView{Room: r, ParticipantCount: 2}, f.view(r, ann))
	_, err := f.store.RoomFor(f.ctx, r.ID, eve.ID)
	require.ErrorIs(f, err, store.ErrNotParticipant)
	_, err = f.store.RoomFor(f.ctx, r.ID, eve.ID+1)
	require.ErrorIs(f, err, store.ErrNotParticipant)

	rooms, count, err := f.store.RoomsOf(f.ctx, ben.ID, store.Page{Limit: 10})
	require.NoError(f, err)
	require.Equal(f, 1, count)
	require.Equal(f, []store.RoomView{v}, rooms)
	rooms, count, err = f.store.RoomsOf(f.ctx, eve.ID, store.Page{Limit: 10})
	require.NoError(f, err)
	require.Zero(f, count)
	require.Empty(f, rooms)
}

// roomIDs lists ann's rooms as RoomsOf orders them.
func (f *fixture) roomIDs(u store.User, p store.Page, wantCount int) []int64 {
	f.Helper()
	rooms, count, err := f.store.RoomsOf(f.ctx, u.ID, p)
	require.NoError(f, err)
	require.Equal(f, wantCount, count)
	ids := make([]int64, len(rooms))
	for i, r := range rooms {
		ids[i] = r.ID
	}
	return ids
}

func viewOrder(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	a := f.room(ann)
	f.tick()
	b := f.room(ann, ben)
	f.tick()
	c := f.room(ben, ann)
	all := store.Page{Limit: 10}
	require.Equal(f, []int64{c.ID, b.ID, a.ID}, f.roomIDs(ann, all, 3))

	f.tick()
	m := f.say(a, ann, "up")
	require.Equal(f, []int64{a.ID, c.ID, b.ID}, f.roomIDs(ann, all, 3))
	require.Equal(f, a.UpdatedAt, f.view(a, ann).UpdatedAt, "a message does not update its room")
	f.tick()
	name := "renamed"
	_, err := f.store.UpdateRoom(f.ctx, b.ID, store.RoomChange{Name: &name})
	require.NoError(f, err)
	require.Equal(f, []int64{b.ID, a.ID, c.ID}, f.roomIDs(ann, all, 3))
	f.tick()
	_, _, err = f.read(a.ID, ann.ID, m.ID)
	require.NoError(f, err)
	require.Equal(f, []int64{b.ID, a.ID, c.ID}, f.roomIDs(ann, all, 3), "reading moves no room")
	require.Equal(f, []int64{b.ID, c.ID}, f.roomIDs(ben, all, 2))
}

func viewPages(f *fixture) {
	ann := f.user("ann")
	var want []int64
	for range 5 {
		want = append([]int64{f.room(ann).ID}, want...)
		f.tick()
	}
	require.Equal(f, want[:2], f.roomIDs(ann, store.Page{Limit: 2}, 5))
	require.Equal(f, want[2:4], f.roomIDs(ann, store.Page{Offset: 2, Limit: 2}, 5))
	require.Equal(f, want[4:], f.roomIDs(ann, store.Page{Offset: 4, Limit: 2}, 5))
	require.Empty(f, f.roomIDs(ann, store.Page{Offset: 5, Limit: 2}, 5))
	require.Empty(f, f.roomIDs(ann, store.Page{Limit: 0}, 5))
}

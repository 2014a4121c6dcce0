package storetest

import (
	"slices"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"parley/store"
)

func inboxTests() []subtest {
	return []subtest{
		{"a user's rooms", inboxRooms},
		{"more rooms than a page", inboxManyRooms},
		{"what is unread in one room", inboxUnreadOf},
		{"the rooms with something unread", inboxUnreadRooms},
		{"at most so many of them", inboxUnreadLimit},
		{"closed", inboxClosed},
	}
}

func (f *fixture) requireRoomIDs(u store.User, want ...int64) {
	f.Helper()
	got, err := f.store.RoomIDsOf(f.ctx, u.ID)
	require.NoError(f, err)
	require.Equal(f, want, got, "rooms of %s", u.Username)
}

func inboxRooms(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	f.requireRoomIDs(ann)
	a, b, c := f.room(ben), f.room(ann), f.room(ben)
	f.join(c, ann)
	f.join(a, ann)
	f.requireRoomIDs(ann, a.ID, b.ID, c.ID)
	f.requireRoomIDs(ben, a.ID, c.ID)
	f.leave(a, ann)
	f.requireRoomIDs(ann, b.ID, c.ID)
	require.NoError(f, f.store.DeleteRoom(f.ctx, b.ID))
	f.requireRoomIDs(ann, c.ID)
}

func inboxManyRooms(f *fixture) {
	ann := f.user("ann")
	const many = 2000 // a whole number of pages, of some back ends
	want := make([]int64, many)
	var made errgroup.Group
	made.SetLimit(64)
	for i := range want {
		made.Go(func() error {
			r, err := f.store.CreateRoom(f.ctx, store.NewRoom{Name: "one of many", OwnerID: ann.ID})
			want[i] = r.ID
			return err
		})
	}
	require.NoError(f, made.Wait())
	slices.Sort(want)
	f.requireRoomIDs(ann, want...)
}

// requireUnreadOf wants these users' counts to be those of their views.
func (f *fixture) requireUnreadOf(r store.Room, lastSeq int64, in []store.User, others ...int64) {
	f.Helper()
	ids, want := others, []store.Unread{}
	for _, u := range in {
		ids = append(ids, u.ID)
		v := f.view(r, u)
		want = append(want, store.Unread{RoomID: r.ID, UserID: u.ID, Count: v.UnreadCount, LastSeq: v.LastSeq})
		require.Equal(f, lastSeq, v.LastSeq)
	}
	got, err := f.store.UnreadOf(f.ctx, r.ID, ids)
	require.NoError(f, err)
	require.ElementsMatch(f, want, got)
}

func inboxUnreadOf(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	r, other := f.room(ann, ben), f.room(ann, ben, eve)
	f.requireUnreadOf(r, 0, []store.User{ann, ben})
	f.say(other, ann, "elsewhere")
	f.say(r, ann, "1")
	two := f.say(r, ann, "2")
	three := f.say(r, ann, "3")
	f.say(r, ben, "4")
	f.requireUnreadOf(r, 4, []store.User{ann, ben}, eve.ID, eve.ID+100)
	_, _, err := f.read(r.ID, ben.ID, two.ID)
	require.NoError(f, err)
	f.requireUnreadOf(r, 4, []store.User{ben})
	_, _, err = f.empty(r.ID, ann.ID, three.ID)
	require.NoError(f, err)
	f.requireUnreadOf(r, 4, []store.User{ben, ann})
	counts, err := f.store.UnreadOf(f.ctx, r.ID, []int64{ann.ID, ben.ID})
	require.NoError(f, err)
	require.ElementsMatch(f, []store.Unread{
		{RoomID: r.ID, UserID: ann.ID, Count: 1, LastSeq: 4}, {RoomID: r.ID, UserID: ben.ID, LastSeq: 4},
	}, counts, "one's own and deleted ones are never unread")

	for _, ids := range [][]int64{nil, {}, {eve.ID}} {
		counts, err := f.store.UnreadOf(f.ctx, r.ID, ids)
		require.NoError(f, err)
		require.Empty(f, counts)
	}
	counts, err = f.store.UnreadOf(f.ctx, other.ID+100, []int64{ann.ID})
	require.NoError(f, err)
	require.Empty(f, counts)
}

func inboxUnreadRooms(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	quiet, read, own, gone, first, second := f.room(ann, ben), f.room(ann, ben), f.room(ann, ben), f.room(ann, ben), f.room(ann, ben), f.room(ann, ben)
	f.requireUnreadRooms(ben, 10)
	f.say(read, ann, "1")
	_, _, err := f.read(read.ID, ben.ID, 0)
	require.NoError(f, err)
	f.say(own, ben, "mine")
	_, _, err = f.empty(gone.ID, ann.ID, f.say(gone, ann, "gone").ID)
	require.NoError(f, err)
	f.say(second, ann, "1")
	f.say(second, ann, "2")
	f.tick()
	f.say(first, ann, "1")
	f.requireUnreadRooms(ben, 10,
		store.Unread{RoomID: first.ID, UserID: ben.ID, Count: 1, LastSeq: 1},
		store.Unread{RoomID: second.ID, UserID: ben.ID, Count: 2, LastSeq: 2})
	f.requireUnreadRooms(ann, 10, store.Unread{RoomID: own.ID, UserID: ann.ID, Count: 1, LastSeq: 1})
	f.leave(second, ben)
	f.requireUnreadRooms(ben, 10, store.Unread{RoomID: first.ID, UserID: ben.ID, Count: 1, LastSeq: 1})
	require.Zero(f, f.view(quiet, ben).UnreadCount)
}

func (f *fixture) requireUnreadRooms(u store.User, limit int, want ...store.Unread) {
	f.Helper()
	got, err := f.store.UnreadRooms(f.ctx, u.ID, limit)
	require.NoError(f, err)
	require.Equal(f, want, slices.Clip(got), "of %s", u.Username)
}

func inboxUnreadLimit(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	var want []store.Unread
	for range 5 {
		r := f.room(ann, ben)
		f.say(r, ann, "1")
		f.tick()
		want = slices.Insert(want, 0, store.Unread{RoomID: r.ID, UserID: ben.ID, Count: 1, LastSeq: 1})
	}
	f.requireUnreadRooms(ben, 5, want...)
	f.requireUnreadRooms(ben, 3, want[:3]...)
	f.requireUnreadRooms(ben, 0)
	f.requireUnreadRooms(ben, -1)
}

func inboxClosed(f *fixture) {
	ann := f.user("ann")
	require.NoError(f, f.store.Close())
	_, err := f.store.RoomIDsOf(f.ctx, ann.ID)
	require.ErrorIs(f, err, store.ErrClosed)
	_, err = f.store.UnreadRooms(f.ctx, ann.ID, 1)
	require.ErrorIs(f, err, store.ErrClosed)
	_, err = f.store.UnreadOf(f.ctx, 1, []int64{ann.ID})
	require.ErrorIs(f, err, store.ErrClosed)
}

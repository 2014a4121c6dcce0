package storetest

import (
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func missedTests() []subtest {
	return []subtest{
		{"listed, newest first", missedListed},
		{"strangers miss nothing", missedStrangers},
		{"pages", missedPages},
		{"seen up to an id", missedSeen},
		{"told once", missedToldOnce},
		{"told once, whoever asks", missedToldRace},
		{"the newest are told", missedNewestTold},
		{"users to tell", missedUsers},
		{"go with the participation", missedGone},
	}
}

func (f *fixture) miss(r store.Room, caller store.User, users ...store.User) {
	f.Helper()
	ids := make([]int64, 0, len(users))
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	require.NoError(f, f.store.AddMissedCalls(f.ctx, r.ID, caller.ID, ids))
}

func (f *fixture) missed(u store.User) []store.MissedCall {
	f.Helper()
	list, count, err := f.store.MissedCallsOf(f.ctx, u.ID, store.Page{Limit: 100})
	require.NoError(f, err)
	require.Len(f, list, count)
	return list
}

func (f *fixture) takeUntold(u store.User, limit int) []store.MissedCall {
	f.Helper()
	list, err := f.store.TakeUntoldCalls(f.ctx, u.ID, limit)
	require.NoError(f, err)
	return list
}

func (f *fixture) usersToTell(after int64, limit int) []int64 {
	f.Helper()
	users, err := f.store.UsersWithUntoldCalls(f.ctx, after, limit)
	require.NoError(f, err)
	return users
}

func missedListed(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	r, other := f.room(ann, ben, eve), f.room(eve, ben)
	before := time.Now().Truncate(time.Millisecond)
	f.miss(r, ann, ben, eve)
	f.miss(other, eve, ben)
	list := f.missed(ben)
	require.Len(f, list, 2)
	require.Greater(f, list[0].ID, list[1].ID)
	for i, want := range []store.MissedCall{
		{RoomID: other.ID, Caller: authorOf(eve)},
		{RoomID: r.ID, Caller: authorOf(ann)},
	} {
		requireStamp(f, before, list[i].CreatedAt)
		want.ID, want.CreatedAt = list[i].ID, list[i].CreatedAt
		require.Equal(f, want, list[i])
	}
	require.Len(f, f.missed(eve), 1)
	require.Empty(f, f.missed(ann))
}

func missedStrangers(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	r := f.room(ann, ben)
	f.miss(r, ann, eve, ben)
	require.Empty(f, f.missed(eve))
	require.Len(f, f.missed(ben), 1, "the others are stored all the same")
	require.NoError(f, f.store.AddMissedCalls(f.ctx, r.ID+1, ann.ID, []int64{ben.ID, ben.ID + 100}))
	require.Len(f, f.missed(ben), 1)
}

func missedPages(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	for range 5 {
		f.miss(r, ann, ben)
	}
	all := f.missed(ben)
	for _, c := range []struct {
		page store.Page
		want []store.MissedCall
	}{
		{store.Page{Limit: 2}, all[:2]},
		{store.Page{Offset: 2, Limit: 2}, all[2:4]},
		{store.Page{Offset: 4, Limit: 2}, all[4:]},
		{store.Page{Offset: 5, Limit: 2}, nil},
	} {
		list, count, err := f.store.MissedCallsOf(f.ctx, ben.ID, c.page)
		require.NoError(f, err)
		require.Equal(f, 5, count)
		require.Equal(f, c.want, list, "page %+v", c.page)
	}
}

func missedSeen(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	r := f.room(ann, ben, eve)
	for range 3 {
		f.miss(r, ann, ben, eve)
	}
	second := f.missed(ben)[1]
	for range 2 { // twice is no error
		require.NoError(f, f.store.SeeMissedCalls(f.ctx, ben.ID, second.ID))
	}
	var seen []bool
	for _, c := range f.missed(ben) {
		seen = append(seen, c.Seen)
	}
	require.Equal(f, []bool{false, true, true}, seen)
	for _, c := range f.missed(eve) {
		require.False(f, c.Seen, "another user's")
	}
	require.Len(f, f.takeUntold(ben, 10), 1, "what was seen need not be told")
}

func missedToldOnce(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	r := f.room(ann, ben, eve)
	f.miss(r, ann, ben, eve)
	f.miss(r, ann, ben)
	told := f.takeUntold(ben, 10)
	require.Len(f, told, 2)
	require.Less(f, told[0].ID, told[1].ID, "oldest first")
	require.Equal(f, f.missed(ben)[0], told[1])
	require.Empty(f, f.takeUntold(ben, 10))
	f.miss(r, ann, ben)
	require.Len(f, f.takeUntold(ben, 10), 1)
	require.Len(f, f.takeUntold(eve, 10), 1, "another user's")
}

func missedToldRace(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	f.miss(f.room(ann, ben), ann, ben)
	const askers = 8
	got := make([]int, askers)
	errs := make([]error, askers)
	var wg sync.WaitGroup
	for i := range askers {
		wg.Go(func() {
			list, err := f.store.TakeUntoldCalls(f.ctx, ben.ID, 10)
			got[i], errs[i] = len(list), err
		})
	}
	wg.Wait()
	sum := 0
	for i := range askers {
		require.NoError(f, errs[i])
		sum += got[i]
	}
	require.Equal(f, 1, sum, "one asker gets it: %v", got)
}

func missedNewestTold(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	for range 5 {
		f.miss(r, ann, ben)
	}
	all := f.missed(ben)
	require.Equal(f, []store.MissedCall{all[1], all[0]}, f.takeUntold(ben, 2))
	require.Empty(f, f.takeUntold(ben, 10), "the older ones are told of by the list alone")
}

func missedUsers(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	r := f.room(ann, ben, eve)
	require.Empty(f, f.usersToTell(0, 10))
	f.miss(r, ben, eve, ann)
	f.miss(r, ann, ben, eve)
	require.Equal(f, []int64{ann.ID, ben.ID, eve.ID}, f.usersToTell(0, 10))
	require.Equal(f, []int64{ann.ID, ben.ID}, f.usersToTell(0, 2))
	require.Equal(f, []int64{eve.ID}, f.usersToTell(ben.ID, 2))
	f.takeUntold(ben, 10)
	require.Equal(f, []int64{ann.ID, eve.ID}, f.usersToTell(0, 10))
}

func missedGone(f *fixture) {
	ann, ben, eve := f.user("ann"), f.user("ben"), f.user("eve")
	r, other := f.room(ann, ben, eve), f.room(ann, ben)
	f.miss(r, ann, ben, eve)
	f.miss(other, ann, ben)
	f.leave(r, ben)
	require.Len(f, f.missed(ben), 1, "those of the other room stay")
	require.Len(f, f.missed(eve), 1)
	f.join(r, ben)
	require.Len(f, f.missed(ben), 1, "coming back brings nothing back")
	require.NoError(f, f.store.DeleteRoom(f.ctx, r.ID))
	require.Empty(f, f.missed(eve))
	require.Equal(f, []int64{ben.ID}, f.usersToTell(0, 10))
}

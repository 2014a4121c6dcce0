package storetest

import (
	"github.com/stretchr/testify/require"

	"parley/store"
)

func unreadTests() []subtest {
	return []subtest{
		{"others' messages past the marker", unreadCounted},
		{"own and deleted ones are not", unreadOwnAndDeleted},
		{"a newcomer has read what was before", unreadNewcomer},
	}
}

func (f *fixture) requireUnread(r store.Room, u store.User, want int) {
	f.Helper()
	require.Equal(f, want, f.view(r, u).UnreadCount, "unread of %s", u.Username)
	rooms, _, err := f.store.RoomsOf(f.ctx, u.ID, store.Page{Limit: 100})
	require.NoError(f, err)
	for _, view := range rooms {
		if view.ID == r.ID {
			require.Equal(f, want, view.UnreadCount, "unread of %s in the list", u.Username)
		}
	}
}

func unreadCounted(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r, other := f.room(ann, ben), f.room(ann, ben)
	f.requireUnread(r, ben, 0)
	one := f.say(r, ann, "1")
	f.say(r, ann, "2")
	f.say(other, ann, "elsewhere")
	f.requireUnread(r, ben, 2)
	f.requireUnread(other, ben, 1)
	_, _, err := f.read(r.ID, ben.ID, one.ID)
	require.NoError(f, err)
	f.requireUnread(r, ben, 1)
	_, _, err = f.read(r.ID, ben.ID, 0)
	require.NoError(f, err)
	f.requireUnread(r, ben, 0)
	f.requireUnread(other, ben, 1)
	f.say(r, ann, "3")
	f.requireUnread(r, ben, 1)
}

func unreadOwnAndDeleted(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	m := f.say(r, ann, "1")
	f.say(r, ben, "2")
	f.requireUnread(r, ann, 1)
	f.requireUnread(r, ben, 1)
	_, err := f.edit(r.ID, ann.ID, m.ID, "edited")
	require.NoError(f, err)
	f.requireUnread(r, ben, 1)
	_, _, err = f.empty(r.ID, ann.ID, m.ID)
	require.NoError(f, err)
	f.requireUnread(r, ben, 0)
	f.requireUnread(r, ann, 1)
}

func unreadNewcomer(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann)
	f.say(r, ann, "1")
	two := f.say(r, ann, "2")
	f.join(r, ben)
	f.requireUnread(r, ben, 0)
	f.requireRead(r, ben, 0, at(two), false)
	f.say(r, ann, "3")
	f.requireUnread(r, ben, 1)
	f.leave(r, ben)
	f.say(r, ann, "4")
	f.join(r, ben)
	f.requireUnread(r, ben, 0)
}

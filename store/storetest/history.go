package storetest

import (
	"fmt"
	"math"
	"slices"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func historyTests() []subtest {
	return []subtest{
		{"by id", historyByID},
		{"pages", historyPages},
		{"after", historyAfter},
		{"before", historyBefore},
		{"of nothing", historyNothing},
	}
}

// talk fills a room with n messages, in another room's midst, and returns them
// in order.
func (f *fixture) talk(n int) (store.Room, []store.Message) {
	f.Helper()
	ann, ben := f.user("ann"), f.user("ben")
	r, noise := f.room(ann, ben), f.room(ann, ben)
	messages := make([]store.Message, n)
	for i := range messages {
		messages[i] = f.say(r, []store.User{ann, ben}[i%2], fmt.Sprint(i+1))
		f.say(noise, ann, "noise")
	}
	return r, messages
}

func reversed(messages []store.Message) []store.Message {
	r := slices.Clone(messages)
	slices.Reverse(r)
	return r
}

func historyByID(f *fixture) {
	r, messages := f.talk(2)
	for _, want := range messages {
		got, err := f.store.MessageByID(f.ctx, r.ID, want.ID)
		require.NoError(f, err)
		require.Equal(f, want, got)
		_, err = f.store.MessageByID(f.ctx, r.ID+1, want.ID)
		require.ErrorIs(f, err, store.ErrNotFound, "a message of another room")
	}
	_, err := f.store.MessageByID(f.ctx, r.ID, 1<<40)
	require.ErrorIs(f, err, store.ErrNotFound)
}

func historyPages(f *fixture) {
	r, messages := f.talk(7)
	newest := reversed(messages)
	for _, c := range []struct {
		page store.Page
		want []store.Message
	}{
		{store.Page{Limit: 3}, newest[:3]},
		{store.Page{Offset: 3, Limit: 3}, newest[3:6]},
		{store.Page{Offset: 6, Limit: 3}, newest[6:]},
		{store.Page{Limit: 100}, newest},
		{store.Page{Offset: 7, Limit: 3}, nil},
		{store.Page{Offset: math.MaxInt32, Limit: 3}, nil},
		{store.Page{Limit: 0}, nil},
	} {
		got, count, err := f.store.MessagesPage(f.ctx, r.ID, c.page)
		require.NoError(f, err)
		require.Equal(f, 7, count)
		requireMessages(f, c.want, got, "page %+v", c.page)
	}
}

func historyAfter(f *fixture) {
	r, messages := f.talk(7)
	for _, c := range []struct {
		after int64
		limit int
		want  []store.Message
	}{
		{0, 100, messages},
		{0, 3, messages[:3]},
		{3, 3, messages[3:6]},
		{6, 3, messages[6:]},
		{7, 3, nil},
		{math.MaxInt64, 3, nil},
		{-5, 2, messages[:2]},
		{0, 0, nil},
	} {
		got, err := f.store.MessagesAfter(f.ctx, r.ID, c.after, c.limit)
		require.NoError(f, err)
		requireMessages(f, c.want, got, "after %d, limit %d", c.after, c.limit)
	}
}

func historyBefore(f *fixture) {
	r, messages := f.talk(7)
	newest := reversed(messages)
	for _, c := range []struct {
		before int64
		limit  int
		want   []store.Message
	}{
		{8, 100, newest},
		{math.MaxInt64, 2, newest[:2]},
		{8, 3, newest[:3]},
		{5, 3, newest[3:6]},
		{2, 3, newest[6:]},
		{1, 3, nil},
		{0, 3, nil},
		{8, 0, nil},
	} {
		got, err := f.store.MessagesBefore(f.ctx, r.ID, c.before, c.limit)
		require.NoError(f, err)
		requireMessages(f, c.want, got, "before %d, limit %d", c.before, c.limit)
	}
}

func historyNothing(f *fixture) {
	empty := f.room(f.user("ann"))
	for _, roomID := range []int64{empty.ID, empty.ID + 1} {
		page, count, err := f.store.MessagesPage(f.ctx, roomID, store.Page{Limit: 10})
		require.NoError(f, err)
		require.Zero(f, count)
		require.Empty(f, page)
		after, err := f.store.MessagesAfter(f.ctx, roomID, 0, 10)
		require.NoError(f, err)
		require.Empty(f, after)
		before, err := f.store.MessagesBefore(f.ctx, roomID, 10, 10)
		require.NoError(f, err)
		require.Empty(f, before)
	}
}

// requireMessages takes nil and empty for the same.
func requireMessages(f *fixture, want, got []store.Message, message ...any) {
	f.Helper()
	require.Len(f, got, len(want), message...)
	for i := range want {
		require.Equal(f, want[i], got[i], message...)
	}
}

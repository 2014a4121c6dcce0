package storetest

import (
	"context"
	"fmt"

	"github.com/stretchr/testify/require"

	"parley/store"
)

// standingTests change who an author is, or whether they are one, between two
// messages: what a back end remembers from the first must not outlive it.
func standingTests() []subtest {
	return []subtest{
		{"left and came back", standingLeft},
		{"renamed", standingRenamed},
		{"handed over, then left", standingHandedOver},
		{"room deleted", standingDeleted},
		{"resent by one who left", standingResent},
		{"other writes in between", standingOtherWrites},
	}
}

func (f *fixture) requireRefused(r store.Room, u store.User, want error) {
	f.Helper()
	m, created, err := f.post(store.NewMessage{RoomID: r.ID, AuthorID: u.ID, Content: "refused", ClientMsgID: "refused"})
	require.ErrorIs(f, err, want)
	require.False(f, created)
	require.Zero(f, m)
}

func standingLeft(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r, other := f.room(ann, ben), f.room(ann, ben)
	const rounds = 3
	for range rounds {
		f.say(r, ben, "in")
		f.leave(r, ben)
		f.requireRefused(r, ben, store.ErrNotParticipant)
		f.say(r, ann, "in")
		f.say(other, ben, "in the other")
		f.join(r, ben)
		f.say(r, ben, "back")
	}
	f.requireGapFree(r, 3*rounds)
	f.requireGapFree(other, rounds)
}

func standingRenamed(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	require.Equal(f, "The ben", f.say(r, ben, "before").Author.DisplayName)
	name := "Benjamin"
	renamed, err := f.store.UpdateUser(f.ctx, ben.ID, store.UserChange{DisplayName: &name})
	require.NoError(f, err)
	require.Equal(f, authorOf(renamed), f.say(r, ben, "after").Author)
	require.Equal(f, authorOf(ann), f.say(r, ann, "after").Author)
}

func standingHandedOver(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	f.say(r, ann, "mine")
	_, err := f.store.UpdateRoom(f.ctx, r.ID, store.RoomChange{OwnerID: &ben.ID})
	require.NoError(f, err)
	f.say(r, ann, "yours")
	f.leave(r, ann)
	f.requireRefused(r, ann, store.ErrNotParticipant)
	require.EqualValues(f, 3, f.say(r, ben, "mine").Seq)
}

func standingDeleted(f *fixture) {
	ann := f.user("ann")
	r, other := f.room(ann), f.room(ann)
	f.say(r, ann, "here")
	last := f.say(other, ann, "there")
	require.NoError(f, f.store.DeleteRoom(f.ctx, r.ID))
	f.requireRefused(r, ann, store.ErrNotFound)
	m := f.say(other, ann, "there")
	require.EqualValues(f, 2, m.Seq)
	require.Greater(f, m.ID, last.ID)
	require.EqualValues(f, 1, f.say(f.room(ann), ann, "a new one").Seq)
}

// standingResent: a resend is a message of a participant like any other.
func standingResent(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	send := store.NewMessage{RoomID: r.ID, AuthorID: ben.ID, Content: "x", ClientMsgID: "refused"}
	first, _, err := f.post(send)
	require.NoError(f, err)
	f.leave(r, ben)
	f.requireRefused(r, ben, store.ErrNotParticipant)
	f.join(r, ben)
	again, created, err := f.post(send)
	require.NoError(f, err)
	require.False(f, created)
	require.Equal(f, first, again)
	f.requireGapFree(r, 1)
}

// standingOtherWrites has every other kind of write between messages that are
// queued without a pause.
func standingOtherWrites(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	const n = 600
	results := make(chan error, n)
	go func() {
		for range n {
			f.store.PostMessage(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "x"},
				func(_ store.Message, _ bool, err error) { results <- err })
		}
	}()
	for i := range 20 {
		require.NoError(f, otherWrites(f.ctx, f.store, r, ben, i))
	}
	for range n {
		require.NoError(f, <-results)
	}
	f.requireGapFree(r, n)
}

func otherWrites(ctx context.Context, s store.Store, r store.Room, ben store.User, i int) error {
	name := fmt.Sprint("other ", i)
	token, err := s.CreateUser(ctx, newUser(name))
	if err != nil {
		return err
	}
	if _, err := s.CreateRoom(ctx, store.NewRoom{Name: name, OwnerID: token.User.ID}); err != nil {
		return err
	}
	if _, err := s.UpdateRoom(ctx, r.ID, store.RoomChange{Name: &name}); err != nil {
		return err
	}
	if _, err := s.UpdateUser(ctx, ben.ID, store.UserChange{DisplayName: &name}); err != nil {
		return err
	}
	if _, err := s.RemoveParticipant(ctx, r.ID, ben.ID); err != nil {
		return err
	}
	if _, err := s.AddParticipant(ctx, r.ID, ben.ID); err != nil {
		return err
	}
	return s.DeleteToken(ctx, token.ID)
}

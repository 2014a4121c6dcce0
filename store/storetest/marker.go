package storetest

import (
	"sync"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func markerTests() []subtest {
	return []subtest{
		{"moves to a message or the newest", markerMoves},
		{"never back", markerNeverBack},
		{"never back under concurrency", markerConcurrent},
		{"refused", markerRefused},
		{"in an empty room", markerEmptyRoom},
	}
}

func at(m store.Message) store.ReadMarker { return store.ReadMarker{MessageID: m.ID, Seq: m.Seq} }

func (f *fixture) requireRead(
	r store.Room, u store.User, messageID int64, want store.ReadMarker, wantMoved bool,
) {
	f.Helper()
	got, moved, err := f.read(r.ID, u.ID, messageID)
	require.NoError(f, err)
	require.Equal(f, want, got)
	require.Equal(f, wantMoved, moved)
}

func markerMoves(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	one, _, three := f.say(r, ann, "1"), f.say(r, ann, "2"), f.say(r, ann, "3")
	f.requireRead(r, ben, one.ID, at(one), true)
	f.requireRead(r, ben, 0, at(three), true)
	f.requireRead(r, ann, three.ID, at(three), true)
	four := f.say(r, ann, "4")
	f.requireRead(r, ben, 0, at(four), true)
}

func markerNeverBack(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	one, two := f.say(r, ann, "1"), f.say(r, ann, "2")
	f.requireRead(r, ben, two.ID, at(two), true)
	f.requireRead(r, ben, two.ID, at(two), false)
	f.requireRead(r, ben, one.ID, at(two), false)
	f.requireRead(r, ben, 0, at(two), false)
	f.requireRead(r, ann, one.ID, at(one), true)
}

func markerConcurrent(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	messages := make([]store.Message, 50)
	for i := range messages {
		messages[i] = f.say(r, ann, "x")
	}
	var mu sync.Mutex
	var moves []int64
	var called sync.WaitGroup
	for i := range messages {
		called.Add(2)
		for _, m := range []store.Message{messages[i], messages[len(messages)-1-i]} {
			go f.store.PostRead(r.ID, ben.ID, m.ID, func(marker store.ReadMarker, moved bool, _ error) {
				defer called.Done()
				mu.Lock()
				defer mu.Unlock()
				if moved {
					moves = append(moves, marker.Seq)
				}
			})
		}
	}
	called.Wait()
	require.IsIncreasing(f, append([]int64{0}, moves...))
	require.EqualValues(f, len(messages), moves[len(moves)-1])
	require.Zero(f, f.view(r, ben).UnreadCount)
}

func markerRefused(f *fixture) {
	ann, eve := f.user("ann"), f.user("eve")
	r, other := f.room(ann), f.room(ann)
	m, foreign := f.say(r, ann, "1"), f.say(other, ann, "1")
	for _, c := range []struct {
		name                string
		room, user, message int64
		want                error
	}{
		{"no such room", other.ID + 1, ann.ID, m.ID, store.ErrNotFound},
		{"no such room, newest", other.ID + 1, ann.ID, 0, store.ErrNotFound},
		{"no such message", r.ID, ann.ID, foreign.ID + 1, store.ErrNotFound},
		{"message of another room", r.ID, ann.ID, foreign.ID, store.ErrNotFound},
		{"a stranger", r.ID, eve.ID, m.ID, store.ErrNotParticipant},
		{"a stranger, newest", r.ID, eve.ID, 0, store.ErrNotParticipant},
	} {
		got, moved, err := f.read(c.room, c.user, c.message)
		require.ErrorIs(f, err, c.want, c.name)
		require.False(f, moved)
		require.Zero(f, got)
	}
}

func markerEmptyRoom(f *fixture) {
	ann := f.user("ann")
	f.requireRead(f.room(ann), ann, 0, store.ReadMarker{}, false)
}

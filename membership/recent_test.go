package membership_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/membership"
	"parley/protocol"
)

// slowReads is a store whose answers about participants are under way while
// meanwhile happens.
type slowReads struct {
	membership.Store
	asked     int
	meanwhile func()
}

func (s *slowReads) IsParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	s.asked++
	in, err := s.Store.IsParticipant(ctx, roomID, userID)
	if s.meanwhile != nil {
		s.meanwhile()
	}
	return in, err
}

// slow makes the bench's Service read by way of a slowReads.
func (b *bench) slow() *slowReads {
	s := &slowReads{Store: b.store}
	b.Service = membership.New(s, b.live)
	return s
}

func (b *bench) ask(t *testing.T, roomID int64, u protocol.User) bool {
	t.Helper()
	in, err := b.IsParticipant(t.Context(), roomID, u.ID)
	require.NoError(t, err)
	return in
}

func TestAParticipantJustSeenIsRemembered(t *testing.T) {
	b := newBench(t)
	ada, bob, eve := b.user(t, "ada"), b.user(t, "bob"), b.user(t, "eve")
	r, other := b.room(t, ada, bob), b.room(t, ada)
	reads := b.slow()
	require.False(t, b.Remembers(r.ID, bob.ID))
	require.True(t, b.ask(t, r.ID, bob))
	for range 10 {
		require.True(t, b.Remembers(r.ID, bob.ID))
	}
	require.Equal(t, 1, reads.asked, "what is remembered is not looked up")
	require.False(t, b.Remembers(other.ID, bob.ID))
	require.False(t, b.Remembers(r.ID, eve.ID))
}

// Who is added is let in at once, however often they were told no.
func TestAStrangerIsNotRemembered(t *testing.T) {
	b := newBench(t)
	ada, eve := b.user(t, "ada"), b.user(t, "eve")
	r := b.room(t, ada)
	for range 3 {
		require.False(t, b.ask(t, r.ID, eve))
		require.False(t, b.ask(t, r.ID+100, eve))
	}
	_, err := b.Join(t.Context(), eve.ID, r.ID)
	require.NoError(t, err)
	require.True(t, b.ask(t, r.ID, eve))
	require.True(t, b.Remembers(r.ID, eve.ID))
}

// endings are the ways in which bob's place in a room of ada's ends.
func endings(b *bench, ada, bob protocol.User, roomID int64) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"leave": func(ctx context.Context) error { return b.Leave(ctx, bob.ID, roomID) },
		"remove": func(ctx context.Context) error {
			return b.Remove(ctx, ada.ID, roomID, membership.Target{UserID: bob.ID})
		},
		"delete": func(ctx context.Context) error { return b.Delete(ctx, ada.ID, roomID) },
	}
}

func TestEndingsAreFeltAtOnce(t *testing.T) {
	for name := range endings(nil, protocol.User{}, protocol.User{}, 0) {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			ada, bob := b.user(t, "ada"), b.user(t, "bob")
			r, other := b.room(t, ada, bob), b.room(t, ada, bob)
			require.True(t, b.ask(t, r.ID, bob))
			require.True(t, b.ask(t, other.ID, bob))
			require.NoError(t, endings(b, ada, bob, r.ID)[name](t.Context()))
			require.False(t, b.Remembers(r.ID, bob.ID))
			require.False(t, b.ask(t, r.ID, bob))
			require.True(t, b.Remembers(other.ID, bob.ID), "another room")
			if name == "delete" {
				return
			}
			_, err := b.Add(t.Context(), ada.ID, r.ID, membership.Target{UserID: bob.ID})
			require.NoError(t, err)
			require.True(t, b.ask(t, r.ID, bob), "added again")
			require.True(t, b.Remembers(r.ID, bob.ID))
		})
	}
}

// An ending that crosses a look-up on its way back must not be undone by it.
func TestEndingsDuringTheLookUp(t *testing.T) {
	for name := range endings(nil, protocol.User{}, protocol.User{}, 0) {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			ada, bob := b.user(t, "ada"), b.user(t, "bob")
			r := b.room(t, ada, bob)
			reads := b.slow()
			reads.meanwhile = func() {
				reads.meanwhile = nil
				require.NoError(t, endings(b, ada, bob, r.ID)[name](t.Context()))
			}
			require.True(t, b.ask(t, r.ID, bob), "so it was when it was read")
			require.False(t, b.Remembers(r.ID, bob.ID))
			require.False(t, b.ask(t, r.ID, bob))
		})
	}
}

func TestAnotherNodesEndingsAreFeltWhenHeardOf(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	r := b.room(t, ada, bob)
	for _, end := range []func(){
		func() { b.ForgetParticipant(r.ID, bob.ID) },
		func() { b.ForgetRoom(r.ID) },
	} {
		require.True(t, b.ask(t, r.ID, bob))
		require.True(t, b.Remembers(r.ID, bob.ID))
		end()
		require.False(t, b.Remembers(r.ID, bob.ID))
	}
}

// A client that gives up does not leave a removal half done: stored, but with
// the sockets open.
func TestEndingsAreSeenThrough(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	for name, told := range map[string]string{"leave": "left", "remove": "removed", "delete": "deleted"} {
		r := b.room(t, ada, bob)
		b.live.told = nil
		gone, leave := context.WithCancel(t.Context())
		b.Service = membership.New(meanwhile{Store: b.store, before: leave}, b.live)
		require.NoError(t, endings(b, ada, bob, r.ID)[name](gone), name)
		require.Len(t, b.live.told, 1, name)
		require.Contains(t, b.live.told[0], told)
	}
}

// everybody is a store of one room that everybody is in.
type everybody struct{ membership.Store }

func (everybody) IsParticipant(context.Context, int64, int64) (bool, error) { return true, nil }

func TestMemoryLastsSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := membership.New(everybody{}, &live{})
		in, err := s.IsParticipant(t.Context(), 1, 1)
		require.NoError(t, err)
		require.True(t, in)
		time.Sleep(4 * time.Second)
		require.True(t, s.Remembers(1, 1))
		time.Sleep(7 * time.Second)
		require.False(t, s.Remembers(1, 1))
	})
}

func TestRemembersDoesNotAllocate(t *testing.T) {
	s := membership.New(everybody{}, &live{})
	_, err := s.IsParticipant(t.Context(), 1, 1)
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if !s.Remembers(1, 1) {
			t.Fatal("not remembered")
		}
	}))
}

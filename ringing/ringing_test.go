package ringing_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/store"
)

// A multiplexed socket says which room it means, and must be in it.
func TestAMultiplexedSocketCalls(t *testing.T) {
	n := start(t, 3)
	ann, bob := n.arrive(1), n.arrive(2)
	ann.refused(protocol.CodeValidation, protocol.TypeCallInvite, 0, `{}`)
	ann.refused(protocol.CodeNotFound, protocol.TypeCallInvite, 2, `{}`)
	n.client(99).refused(protocol.CodeNotFound, protocol.TypeCallInvite, 1, `{}`)

	inv := ann.invites(`{}`)
	require.ElementsMatch(t, []int64{2, 3}, inv.Invited)
	in := n.tells(2, protocol.TypeIncomingCall)
	require.EqualValues(t, 1, in.ChatOf)
	require.EqualValues(t, 1, in.Frame.RoomID)
	n.tells(3, protocol.TypeIncomingCall)

	bob.send(protocol.TypeCallAccept, 0, named(inv.InviteID)) // the invite knows its room
	require.Equal(t, protocol.Empty{}, bob.next().Data)
	var answer protocol.InviteAnswer
	require.NoError(t, json.Unmarshal(n.tells(1, protocol.TypeCallAccept).Frame.Data, &answer))
	require.EqualValues(t, 2, answer.User.ID)
	n.tells(2, protocol.TypeCallAnsweredElsewhere)

	late := n.arrive(3)
	require.Equal(t, protocol.TypeIncomingCall, late.next().Type)
	late.refused(protocol.CodeNotFound, protocol.TypeCallDecline, 2, named(inv.InviteID))
	late.send(protocol.TypeCallDecline, 1, named(inv.InviteID))
	n.tells(1, protocol.TypeCallDecline)
	require.Equal(t, map[string]int{"accepted": 1, "declined": 1}, n.meter.get())
}

// The users hear that they are called, that they are not, and what they missed, in
// that order; on every socket that they have here.
func TestOrderOfWhatUsersHear(t *testing.T) {
	n := start(t, 2)
	ann, bob, also := n.arrive(1), n.arrive(2), n.arrive(2)
	for range 20 {
		inv := ann.invites(`{"target_user_id":2}`)
		ann.send(protocol.TypeCallCancel, 1, named(inv.InviteID))
		require.Equal(t, protocol.Empty{}, ann.next().Data)
		n.tells(2, protocol.TypeIncomingCall)
		n.tells(2, protocol.TypeCallCancel)
		require.Equal(t, protocol.TypeCallMissed, bob.next().Type)
		require.Equal(t, protocol.TypeCallMissed, also.next().Type)
	}
	require.Equal(t, map[string]int{"cancelled": 20}, n.meter.get())
}

func TestManyParticipantsAreNotInvitedAtOnce(t *testing.T) {
	n := start(t, 102)
	ann := n.arrive(1)
	ann.refused(protocol.CodeValidation, protocol.TypeCallInvite, 1, `{}`)
	require.Equal(t, []int64{102}, ann.invites(`{"target_user_id":102}`).Invited)
	removed, err := n.store.RemoveParticipant(t.Context(), 1, 102)
	require.NoError(t, err)
	require.True(t, removed)
	ann.refused(protocol.CodeValidation, protocol.TypeCallInvite, 1, `{}`) // with him they are 101
	ann.refused(protocol.CodeNotFound, protocol.TypeCallInvite, 1, `{"target_user_id":102}`)
	require.Len(t, n.client(2).invites(`{}`).Invited, 100)
}

// A client that is gone before its invite was dealt with rings nobody for long.
func TestGoneBeforeItRings(t *testing.T) {
	n := start(t, 2)
	gate := make(chan struct{})
	n.store.gate.Store(&gate)
	ann, other := n.arrive(1), n.arrive(1)
	ann.send(protocol.TypeCallInvite, 1, `{}`)
	n.rings.Leave(ann, "")
	close(gate)
	n.tells(2, protocol.TypeIncomingCall)
	n.tells(2, protocol.TypeCallCancel)
	require.Equal(t, 1, n.rings.Reachable(1))
	n.rings.Leave(other, "")
	require.Zero(t, n.rings.Reachable(1))
}

func TestInvitesThatWaitAreBounded(t *testing.T) {
	n := start(t, 2)
	gate := make(chan struct{})
	n.store.gate.Store(&gate)
	ann := n.arrive(1)
	for range 10 {
		ann.send(protocol.TypeCallInvite, 1, `{}`)
	}
	ann.refused(protocol.CodeRateLimited, protocol.TypeCallInvite, 1, `{}`)
	for user := int64(100); user < 100+1024-10; user++ {
		n.client(user).send(protocol.TypeCallInvite, 1, `{}`)
	}
	n.client(2).refused(protocol.CodeUnavailable, protocol.TypeCallInvite, 1, `{}`)
	close(gate)
	for range 10 {
		require.Nil(t, ann.next().Err)
	}
	ann.invites(`{}`)
}

func TestAStoreThatFails(t *testing.T) {
	n := start(t, 2)
	broken := errors.New("the disk is full")
	ann, bob := n.arrive(1), n.arrive(2)

	n.store.reads.Store(&broken)
	ann.refused(protocol.CodeInternal, protocol.TypeCallInvite, 1, `{}`)
	closed := store.ErrClosed
	n.store.reads.Store(&closed)
	ann.refused(protocol.CodeUnavailable, protocol.TypeCallInvite, 1, `{}`)
	n.store.reads.Store(nil)

	miss := func() {
		inv := ann.invites(`{}`)
		ann.send(protocol.TypeCallCancel, 1, named(inv.InviteID))
		require.Equal(t, protocol.Empty{}, ann.next().Data)
		n.tells(2, protocol.TypeIncomingCall)
		n.tells(2, protocol.TypeCallCancel)
	}
	n.store.adds.Store(&broken)
	miss() // lost, and said so in the log
	ann.refused(protocol.CodeNotFound, protocol.TypeCallInvite, 2, `{}`)
	n.store.adds.Store(nil)

	n.store.takes.Store(&broken)
	miss()
	ann.refused(protocol.CodeNotFound, protocol.TypeCallInvite, 2, `{}`) // by now it was tried
	n.store.takes.Store(nil)
	late := n.arrive(2) // what was not told is told when somebody comes
	require.Equal(t, protocol.TypeCallMissed, late.next().Type)
	require.Equal(t, protocol.TypeCallMissed, bob.next().Type)
}

func TestStartNamesWhatFails(t *testing.T) {
	n := prepare(t, 1)
	broken := errors.New("the disk is gone")
	n.store.reads.Store(&broken)
	require.ErrorIs(t, n.rings.Start(t.Context()), broken)
}

// There are more users to tell than are loaded at a time.
func TestStartLoadsAllWhoAreToBeTold(t *testing.T) {
	const people = 2100
	n := prepare(t, people)
	var users []int64
	for user := int64(2); user <= people; user++ {
		users = append(users, user)
	}
	require.NoError(t, n.store.AddMissedCalls(t.Context(), 1, 1, users))
	require.NoError(t, n.rings.Start(t.Context()))
	defer func() { require.NoError(t, n.rings.Stop(context.Background())) }()
	for _, user := range []int64{2, 1001, 1002, 2001, 2002, people} {
		require.Equal(t, protocol.TypeCallMissed, n.arrive(user).next().Type, "user %d", user)
	}
}

func TestStopEndsWhatRings(t *testing.T) {
	n := prepare(t, 2)
	require.NoError(t, n.rings.Start(t.Context()))
	ann, bob := n.arrive(1), n.arrive(2)
	inv := ann.invites(`{}`)
	require.NoError(t, n.rings.Stop(context.Background()))
	n.tells(2, protocol.TypeIncomingCall)
	n.tells(2, protocol.TypeCallCancel)
	require.Empty(t, bob.got, "who is connected hears of what they missed from the next process")
	list, count, err := n.rings.Missed(t.Context(), 2, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Equal(t, 1, count)
	require.EqualValues(t, 1, list[0].From.ID)
	ann.refused(protocol.CodeUnavailable, protocol.TypeCallInvite, 1, `{}`)
	bob.refused(protocol.CodeNotFound, protocol.TypeCallAccept, 1, named(inv.InviteID))
	n.rings.Leave(ann, "")
}

func TestStopDoesNotWaitForever(t *testing.T) {
	n := prepare(t, 2)
	require.NoError(t, n.rings.Start(t.Context()))
	gate := make(chan struct{})
	n.store.gate.Store(&gate)
	ann := n.arrive(1)
	ann.send(protocol.TypeCallInvite, 1, `{}`)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, n.rings.Stop(ctx), context.Canceled)
	require.Equal(t, protocol.CodeUnavailable, ann.next().Err.Code)
}

func TestSee(t *testing.T) {
	n := start(t, 1)
	require.Equal(t, protocol.CodeValidation, protocol.AsError(n.rings.See(t.Context(), 1, 0)).Code)
	require.NoError(t, n.rings.See(t.Context(), 1, 5))
}

package ringing_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// neighbors are two nodes on one store.
func neighbors(t *testing.T, people int) (here, there *node) {
	t.Helper()
	here = prepare(t, people)
	there = here.beside()
	for _, n := range []*node{here, there} {
		require.NoError(t, n.rings.Start(t.Context()))
		t.Cleanup(func() { require.NoError(t, n.rings.Stop(context.Background())) })
	}
	return here, there
}

func TestAnswersReachTheNodeOfTheInvite(t *testing.T) {
	here, there := neighbors(t, 3)
	ann, bob, eve := here.arrive(1), there.arrive(2), there.arrive(3)
	inv := ann.invites(`{}`)
	here.tells(2, protocol.TypeIncomingCall)
	here.tells(3, protocol.TypeIncomingCall)

	bob.send(protocol.TypeCallAccept, 1, named(inv.InviteID))
	require.Equal(t, protocol.Empty{}, bob.next().Data)
	here.tells(1, protocol.TypeCallAccept)
	here.tells(2, protocol.TypeCallAnsweredElsewhere)
	bob.refused(protocol.CodeNotFound, protocol.TypeCallAccept, 1, named(inv.InviteID))
	eve.refused(protocol.CodeNotFound, protocol.TypeCallCancel, 1, named(inv.InviteID))

	annThere := there.arrive(1)
	annThere.send(protocol.TypeCallCancel, 1, named(inv.InviteID))
	require.Equal(t, protocol.Empty{}, annThere.next().Data)
	here.tells(3, protocol.TypeCallCancel)
	require.Equal(t, protocol.TypeCallMissed, eve.next().Type)
	require.Equal(t, map[string]int{"accepted": 1, "cancelled": 1}, here.meter.get())
	require.Empty(t, there.meter.get())
}

func TestANodeThatIsGoneIsNotWaitedForForever(t *testing.T) {
	here, there := neighbors(t, 2)
	inv := here.arrive(1).invites(`{}`)
	bob := there.await(2, protocol.TypeIncomingCall)
	here.leaveFleet()
	bob.refused(protocol.CodeUnavailable, protocol.TypeCallAccept, 1, named(inv.InviteID))
}

// It rings on every node, for those too who come later.
func TestItRingsForWhoArrivesOnAnotherNode(t *testing.T) {
	here, there := neighbors(t, 3)
	ann := here.arrive(1)
	first := ann.invites(`{"target_user_id":2}`)
	bob := there.await(2, protocol.TypeIncomingCall)
	ann.send(protocol.TypeCallCancel, 1, named(first.InviteID))
	ann.next()
	require.Equal(t, protocol.TypeCallMissed, bob.next().Type)
	there.rings.Leave(bob, "")
	there.awaitSilence(2)

	ann.invites(`{"target_user_id":3}`)
	eve := there.await(3, protocol.TypeIncomingCall)
	also := there.arrive(3)
	require.Equal(t, protocol.TypeIncomingCall, also.next().Type)
	require.Empty(t, eve.got)
}

// All of a user's clients hear what was missed, whichever node stored it, and who
// has none the next time, on any node.
func TestMissedCallsAreToldOnEveryNode(t *testing.T) {
	here, there := neighbors(t, 3)
	ann := here.arrive(1)
	bobHere, bobThere := here.arrive(2), there.arrive(2)
	inv := ann.invites(`{}`)
	ann.send(protocol.TypeCallCancel, 1, named(inv.InviteID))
	ann.next()
	require.Equal(t, protocol.TypeCallMissed, bobHere.next().Type)
	require.Equal(t, protocol.TypeCallMissed, bobThere.next().Type)
	eve := there.await(3, protocol.TypeCallMissed)
	require.Empty(t, bobHere.got)
	require.Empty(t, bobThere.got)
	require.Empty(t, eve.got)
}

// What a client has ringing rings on when the client goes on, on another node.
func TestItRingsOnWhenTheCallerMoves(t *testing.T) {
	here, there := neighbors(t, 2)
	ann := here.arrive(1)
	inv := ann.invites(`{}`)
	here.tells(2, protocol.TypeIncomingCall)
	here.rings.Move(ann, "")
	require.Zero(t, here.rings.Reachable(1))
	there.arrive(1)

	bob := here.arrive(2)
	require.Equal(t, protocol.TypeIncomingCall, bob.next().Type)
	bob.send(protocol.TypeCallAccept, 1, named(inv.InviteID))
	require.Equal(t, protocol.Empty{}, bob.next().Data)
	here.tells(1, protocol.TypeCallAccept)
	require.Equal(t, map[string]int{"accepted": 1}, here.meter.get())
}

// One client cannot have a node wait for any number of verdicts.
func TestQuestionsOfAUserAreBounded(t *testing.T) {
	here, _ := neighbors(t, 2)
	bob := here.arrive(2)
	const most = 20
	for range most + 1 {
		bob.send(protocol.TypeCallAccept, 1, named("i~nobody"))
	}
	require.Equal(t, protocol.CodeRateLimited, bob.next().Err.Code)
	for range most {
		require.Equal(t, protocol.CodeUnavailable, bob.next().Err.Code)
	}
	bob.refused(protocol.CodeUnavailable, protocol.TypeCallAccept, 1, named("i~nobody"))
}

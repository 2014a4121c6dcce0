package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

func TestRingAndAccept(t *testing.T) {
	c := startChat(t, "ann", "bob")
	ann, phone, laptop := c.joined(t, 0), c.joined(t, 1), c.joined(t, 1)

	asked := time.Now()
	inv := invite(t, ann, m{"target_user_id": c.users[1].Account.ID, "lifetime_ms": 60_000})
	require.NotEmpty(t, inv.InviteID)
	require.Equal(t, []int64{c.users[1].Account.ID}, inv.Invited)
	require.WithinDuration(t, asked.Add(time.Minute), inv.ExpiresAt.Time, patience)
	for _, k := range []*client.Socket{phone, laptop} {
		in := rings(t, k)
		require.Equal(t, inv.InviteID, in.InviteID)
		require.Equal(t, c.room.ID, in.RoomID)
		require.Equal(t, user(c.users[0]), in.From)
		require.Equal(t, inv.ExpiresAt, *in.ExpiresAt)
		require.Positive(t, in.LifetimeMS)
		require.LessOrEqual(t, in.LifetimeMS, int64(60_000))
	}

	request[protocol.Empty](t, phone, protocol.TypeCallAccept, named(inv.InviteID))
	accepted := await[protocol.InviteAnswer](t, ann, protocol.TypeCallAccept)
	require.Equal(t, protocol.InviteAnswer{InviteID: inv.InviteID, User: user(c.users[1])}, accepted)
	elsewhere := await[protocol.AnsweredElsewhere](t, laptop, protocol.TypeCallAnsweredElsewhere)
	require.Equal(t, protocol.AnsweredElsewhere{InviteID: inv.InviteID, Answer: protocol.AnswerAccepted}, elsewhere)
	still(t, phone) // it knows

	require.Equal(t, protocol.CodeNotFound, refused(t, laptop, protocol.TypeCallDecline, named(inv.InviteID)), "the first answer counts")
	require.Equal(t, protocol.CodeNotFound, refused(t, ann, protocol.TypeCallCancel, named(inv.InviteID)), "nothing rings any more")
	require.Empty(t, missedCalls(t, c.users[1]))
}

func TestDeclineReachesTheCallSocketThatInvited(t *testing.T) {
	c := startChat(t, "ann", "bob")
	chat, bob := c.joined(t, 0), c.joined(t, 1)
	call, other := callSocket(t, c.users[0], c.room.ID), callSocket(t, c.users[1], c.room.ID)
	catchUp(t, chat, call.Socket, bob)

	inv := invite(t, call.Socket, m{"target_user_id": c.users[1].Account.ID})
	require.Equal(t, inv.InviteID, rings(t, bob).InviteID)
	request[protocol.Empty](t, other.Socket, protocol.TypeCallDecline, named(inv.InviteID))
	want := protocol.InviteAnswer{InviteID: inv.InviteID, User: user(c.users[1])}
	for _, k := range []*client.Socket{chat, call.Socket} {
		require.Equal(t, want, await[protocol.InviteAnswer](t, k, protocol.TypeCallDecline))
	}
	elsewhere := await[protocol.AnsweredElsewhere](t, bob, protocol.TypeCallAnsweredElsewhere)
	require.Equal(t, protocol.AnswerDeclined, elsewhere.Answer)
	quiet(t, chat) // once, though it is both a chat socket and the caller's
}

func TestEverybodyElseIsInvited(t *testing.T) {
	c := startChat(t, "ann", "bob", "cid", "dan")
	ann, bob, cid := c.joined(t, 0), c.joined(t, 1), c.joined(t, 2)
	inv := invite(t, ann, nil)
	var ids []int64
	for _, u := range c.users[1:] {
		ids = append(ids, u.Account.ID)
	}
	require.ElementsMatch(t, ids, inv.Invited)
	rings(t, bob)
	rings(t, cid)
	request[protocol.Empty](t, bob, protocol.TypeCallDecline, named(inv.InviteID))
	request[protocol.Empty](t, cid, protocol.TypeCallAccept, named(inv.InviteID))
	require.Equal(t, user(c.users[1]), await[protocol.InviteAnswer](t, ann, protocol.TypeCallDecline).User)
	require.Equal(t, user(c.users[2]), await[protocol.InviteAnswer](t, ann, protocol.TypeCallAccept).User)

	dan := c.joined(t, 3)
	require.Equal(t, inv.InviteID, rings(t, dan).InviteID, "it rings on for whoever has not answered")
}

func TestInvitingAgainGoesOn(t *testing.T) {
	c := startChat(t, "ann", "bob")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	target := c.users[1].Account.ID
	first := invite(t, ann, m{"target_user_id": target, "lifetime_ms": 30_000})
	again := invite(t, ann, m{"target_user_id": target, "lifetime_ms": 90_000})
	require.Equal(t, first.InviteID, again.InviteID)
	require.True(t, again.ExpiresAt.After(first.ExpiresAt.Time))
	require.Equal(t, first.ExpiresAt, *rings(t, bob).ExpiresAt)
	require.Equal(t, again.ExpiresAt, *rings(t, bob).ExpiresAt)
	request[protocol.Empty](t, bob, protocol.TypeCallAccept, named(first.InviteID))
	anew := invite(t, ann, m{"target_user_id": target})
	require.NotEqual(t, first.InviteID, anew.InviteID)
	require.Equal(t, anew.InviteID, rings(t, bob).InviteID)
}

func TestWhoArrivesWhileItRings(t *testing.T) {
	c := startChat(t, "ann", "bob")
	elsewhere := meet(t, c.users...)
	ann := c.joined(t, 0)
	inv := invite(t, ann, nil)

	phone := c.joined(t, 1)
	in := rings(t, phone)
	require.Equal(t, inv.InviteID, in.InviteID)
	require.Equal(t, user(c.users[0]), in.From)
	require.Equal(t, c.room.ID, in.RoomID)

	other := openChat(t, c.users[1], elsewhere.ID, "")
	next[protocol.Welcome](t, other, protocol.TypeWelcome)
	next[protocol.PresenceState](t, other, protocol.TypePresenceState)
	still(t, other) // the chat of another room does not ring

	require.Equal(t, protocol.CodeNotFound, refused(t, other, protocol.TypeCallAccept, named(inv.InviteID)), "nor does it answer")
	request[protocol.Empty](t, callSocket(t, c.users[1], c.room.ID).Socket, protocol.TypeCallAccept, named(inv.InviteID))
	await[protocol.AnsweredElsewhere](t, phone, protocol.TypeCallAnsweredElsewhere)
}

func TestInvitesThatAreRefused(t *testing.T) {
	c := startChat(t, "ann", "bob")
	stranger := signUp(t, c.Server, "eve")[0]
	alone, err := c.users[0].CreateRoom(within(t), "alone")
	require.NoError(t, err)
	ann, bob, single := c.joined(t, 0), c.joined(t, 1), openChat(t, c.users[0], alone.ID, "")

	for _, r := range []struct {
		typ  protocol.Type
		data m
		want protocol.Code
	}{
		{protocol.TypeCallInvite, m{"target_user_id": stranger.Account.ID}, protocol.CodeNotFound},
		{protocol.TypeCallInvite, m{"target_user_id": c.users[0].Account.ID}, protocol.CodeValidation},
		{protocol.TypeCallInvite, m{"target_user_id": 0}, protocol.CodeValidation},
		{protocol.TypeCallInvite, m{"target_user_id": "bob"}, protocol.CodeValidation},
		{protocol.TypeCallInvite, m{"lifetime_ms": 999}, protocol.CodeValidation},
		{protocol.TypeCallInvite, m{"lifetime_ms": 120_001}, protocol.CodeValidation},
		{protocol.TypeCallAccept, m{}, protocol.CodeValidation},
		{protocol.TypeCallDecline, m{"invite_id": 5}, protocol.CodeValidation},
		{protocol.TypeCallAccept, named("nothing"), protocol.CodeNotFound},
		{protocol.TypeCallDecline, named("nothing"), protocol.CodeNotFound},
		{protocol.TypeCallCancel, named("nothing"), protocol.CodeNotFound},
	} {
		require.Equal(t, r.want, refused(t, ann, r.typ, r.data), "%s %v", r.typ, r.data)
	}
	require.Equal(t, protocol.CodeNotFound, refused(t, single, protocol.TypeCallInvite, nil), "nobody else is there")

	inv := invite(t, ann, nil)
	require.Equal(t, protocol.CodeNotFound, refused(t, ann, protocol.TypeCallAccept, named(inv.InviteID)), "the caller is not called")
	require.Equal(t, protocol.CodeNotFound, refused(t, bob, protocol.TypeCallCancel, named(inv.InviteID)), "another's")
	require.Equal(t, inv.InviteID, rings(t, bob).InviteID)
}

func TestInvitesOfOneCallerAreBounded(t *testing.T) {
	c := startChat(t, "ann", "bob")
	var last *client.Socket
	var ids []string
	for range 10 {
		last = openChat(t, c.users[0], meet(t, c.users...).ID, "")
		ids = append(ids, invite(t, last, nil).InviteID)
	}
	one := c.joined(t, 0)
	require.Equal(t, protocol.CodeRateLimited, refused(t, one, protocol.TypeCallInvite, nil))
	require.Equal(t, ids[9], invite(t, last, nil).InviteID, "one that rings may go on")
	request[protocol.Empty](t, last, protocol.TypeCallCancel, named(ids[9]))
	invite(t, one, nil)
}

package membership_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/membership"
	"parley/protocol"
	"parley/store"
)

func TestJoin(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	r := b.room(t, ada)
	for range 2 {
		got, err := b.Join(t.Context(), bob.ID, r.ID)
		require.NoError(t, err)
		require.Equal(t, 2, got.ParticipantCount)
		require.Equal(t, ada, got.Owner)
	}
	_, err := b.Join(t.Context(), bob.ID, r.ID+100)
	requireCode(t, protocol.CodeNotFound, err)
}

func TestAPrivateRoomIsJoinedByInvitationAlone(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	r, err := b.Create(t.Context(), ada, membership.NewRoom{Name: "secret", Private: true})
	require.NoError(t, err)

	_, err = b.Join(t.Context(), bob.ID, r.ID)
	requireCode(t, protocol.CodeNotFound, err)
	_, err = b.Add(t.Context(), ada.ID, r.ID, membership.Target{UserID: bob.ID})
	require.NoError(t, err)
	_, err = b.Join(t.Context(), bob.ID, r.ID)
	require.NoError(t, err, "a participant may join again")
}

func TestLeave(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	r := b.room(t, ada, bob)

	require.Contains(t, refusal(t, protocol.CodeConflict, b.Leave(t.Context(), ada.ID, r.ID)).Message, "hand it over")
	require.NoError(t, b.Leave(t.Context(), bob.ID, r.ID))
	require.Equal(t, []string{fmt.Sprintf("%d/%d: left", r.ID, bob.ID)}, b.live.told)
	requireCode(t, protocol.CodeNotFound, b.Leave(t.Context(), bob.ID, r.ID))
	require.Len(t, b.live.told, 1)
	require.Equal(t, []string{"ada*"}, b.participants(t, ada, r.ID))
}

func TestAddByIDNameOrEmail(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	r := b.room(t, ada)
	var joined protocol.Time
	for _, target := range []membership.Target{
		{UserID: bob.ID}, {Username: "BOB"}, {Username: " bob "}, {Email: "Bob@example.com"},
	} {
		p, err := b.Add(t.Context(), ada.ID, r.ID, target)
		require.NoError(t, err, "%+v", target)
		require.Equal(t, bob.ID, p.ID)
		require.Equal(t, "bob", p.Username)
		require.Equal(t, "bob!", p.DisplayName)
		require.Equal(t, protocol.RoleMember, p.Role)
		if joined.IsZero() {
			joined = p.JoinedAt
		}
		require.Equal(t, joined, p.JoinedAt, "one who is in already stays as they are")
	}
	p, err := b.Add(t.Context(), ada.ID, r.ID, membership.Target{UserID: ada.ID})
	require.NoError(t, err)
	require.Equal(t, protocol.RoleOwner, p.Role)
	require.Equal(t, []string{"ada*", "bob"}, b.participants(t, ada, r.ID))
}

func TestAddFindsOneOfMany(t *testing.T) {
	b := newBench(t)
	ada := b.user(t, "ada")
	r := b.room(t, ada)
	for i := range 250 {
		u := b.user(t, fmt.Sprintf("user%03d", i))
		_, err := b.store.AddParticipant(t.Context(), r.ID, u.ID)
		require.NoError(t, err)
	}
	for _, name := range []string{"ada", "user000", "user060", "user150", "user249"} {
		p, err := b.Add(t.Context(), ada.ID, r.ID, membership.Target{Username: name})
		require.NoError(t, err)
		require.Equal(t, name, p.Username)
	}
}

func TestTargetsMustNameOneUser(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	r := b.room(t, ada, bob)
	for name, test := range map[string]struct {
		target membership.Target
		field  string
	}{
		"nothing given":      {membership.Target{}, "user_id"},
		"id and name":        {membership.Target{UserID: bob.ID, Username: "bob"}, "user_id"},
		"name and email":     {membership.Target{Username: "bob", Email: "bob@example.com"}, "username"},
		"an unknown id":      {membership.Target{UserID: 1 << 60}, "user_id"},
		"a negative id":      {membership.Target{UserID: -1}, "user_id"},
		"an unknown name":    {membership.Target{Username: "nobody"}, "username"},
		"a name with NUL":    {membership.Target{Username: "bob\x00"}, "username"},
		"an unknown address": {membership.Target{Email: "nobody@example.com"}, "email"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.Add(t.Context(), ada.ID, r.ID, test.target)
			requireField(t, test.field, err)
			requireField(t, test.field, b.Remove(t.Context(), ada.ID, r.ID, test.target))
		})
	}
	require.Empty(t, b.live.told)
}

func TestRemove(t *testing.T) {
	b := newBench(t)
	ada, bob, eve := b.user(t, "ada"), b.user(t, "bob"), b.user(t, "eve")
	r := b.room(t, ada, bob)

	requireCode(t, protocol.CodeConflict, b.Remove(t.Context(), ada.ID, r.ID, membership.Target{UserID: ada.ID}))
	requireCode(t, protocol.CodeNotFound, b.Remove(t.Context(), ada.ID, r.ID, membership.Target{UserID: eve.ID}))
	requireCode(t, protocol.CodePermissionDenied, b.Remove(t.Context(), bob.ID, r.ID, membership.Target{UserID: ada.ID}))
	_, err := b.Add(t.Context(), bob.ID, r.ID, membership.Target{UserID: eve.ID})
	requireCode(t, protocol.CodePermissionDenied, err)
	require.Empty(t, b.live.told)

	require.NoError(t, b.Remove(t.Context(), ada.ID, r.ID, membership.Target{Username: "bob"}))
	require.Equal(t, []string{fmt.Sprintf("%d/%d: removed", r.ID, bob.ID)}, b.live.told)
	_, err = b.Get(t.Context(), bob.ID, r.ID)
	requireCode(t, protocol.CodeNotFound, err)
}

func TestCheck(t *testing.T) {
	b := newBench(t)
	ada := b.user(t, "ada")
	r := b.room(t, ada)
	got, err := b.Check(t.Context(), ada.ID, r.ID)
	require.NoError(t, err)
	require.Equal(t, r.ID, got.ID)
	require.Equal(t, ada.ID, got.Owner.ID)
}

func TestParticipantsArePaged(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	r := b.room(t, ada, bob)
	people, total, err := b.Participants(t.Context(), bob.ID, r.ID, store.Page{Offset: 1, Limit: 1})
	require.NoError(t, err)
	require.Equal(t, 2, total)
	require.Len(t, people, 1)
	require.Equal(t, "bob", people[0].Username)
	people, total, err = b.Participants(t.Context(), bob.ID, r.ID, store.Page{Offset: 9, Limit: 1})
	require.NoError(t, err)
	require.Equal(t, 2, total)
	require.Empty(t, people)
}

func TestWhoIsAddedIsToldOnce(t *testing.T) {
	b := newBench(t)
	ada, bob, eve := b.user(t, "ada"), b.user(t, "bob"), b.user(t, "eve")
	r := b.room(t, ada)
	for range 2 {
		_, err := b.Join(t.Context(), bob.ID, r.ID)
		require.NoError(t, err)
		_, err = b.Add(t.Context(), ada.ID, r.ID, membership.Target{UserID: eve.ID})
		require.NoError(t, err)
	}
	_, err := b.Join(t.Context(), bob.ID, r.ID+100)
	requireCode(t, protocol.CodeNotFound, err)
	want := []string{}
	for _, u := range []protocol.User{ada, bob, eve} {
		want = append(want, fmt.Sprintf("%d/%d", r.ID, u.ID))
	}
	require.Equal(t, want, b.live.added)
}

// What was begun is told, whether or not its client waits.
func TestWhoIsAddedIsToldThoughTheClientIsGone(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	r := b.room(t, ada)
	ctx, cancel := context.WithCancel(t.Context())
	b.Service = membership.New(meanwhile{Store: b.store, before: cancel}, b.live)
	_, _ = b.Join(ctx, bob.ID, r.ID)
	require.Equal(t, []string{"ada*", "bob"}, b.participants(t, ada, r.ID))
	require.Contains(t, b.live.added, fmt.Sprintf("%d/%d", r.ID, bob.ID))
}

package membership_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/membership"
	"parley/protocol"
	"parley/store"
)

func TestCreate(t *testing.T) {
	b := newBench(t)
	ada := b.user(t, "ada")
	r, err := b.Create(t.Context(), ada, membership.NewRoom{Name: "  Engine room ", Private: true})
	require.NoError(t, err)
	require.Equal(t, "Engine room", r.Name)
	require.Equal(t, ada, r.Owner)
	require.True(t, r.Private)
	require.Equal(t, 1, r.ParticipantCount)
	require.Zero(t, r.UnreadCount)
	require.Zero(t, r.LastSeq)
	require.False(t, r.CreatedAt.IsZero())
	require.Equal(t, []string{"ada*"}, b.participants(t, ada, r.ID))

	got, err := b.Get(t.Context(), ada.ID, r.ID)
	require.NoError(t, err)
	require.Equal(t, r, got)
}

func TestRoomNames(t *testing.T) {
	b := newBench(t)
	ada := b.user(t, "ada")
	r := b.room(t, ada)
	for _, bad := range []string{"", " \t ", strings.Repeat("ä", 101), "a\x00b", "a\nb", "a\xff"} {
		_, err := b.Create(t.Context(), ada, membership.NewRoom{Name: bad})
		requireField(t, "name", err)
		_, err = b.Update(t.Context(), ada.ID, r.ID, membership.RoomChange{Name: &bad})
		requireField(t, "name", err)
	}
	_, err := b.Create(t.Context(), ada, membership.NewRoom{Name: strings.Repeat("ä", 100)})
	require.NoError(t, err)
}

func TestListIsPaged(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	first, second := b.room(t, ada), b.room(t, ada)
	b.room(t, bob)

	rooms, total, err := b.List(t.Context(), ada.ID, store.Page{Limit: 1, Offset: 1})
	require.NoError(t, err)
	require.Equal(t, 2, total)
	require.Len(t, rooms, 1)
	require.Contains(t, []int64{first.ID, second.ID}, rooms[0].ID)

	rooms, total, err = b.List(t.Context(), b.user(t, "eve").ID, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Zero(t, total)
	require.NotNil(t, rooms)
	require.Empty(t, rooms)
}

func TestARoomIsHiddenFromStrangers(t *testing.T) {
	b := newBench(t)
	ada, eve := b.user(t, "ada"), b.user(t, "eve")
	r := b.room(t, ada)
	name := "mine"
	for _, id := range []int64{r.ID, r.ID + 100} {
		_, errGet := b.Get(t.Context(), eve.ID, id)
		_, errUpdate := b.Update(t.Context(), eve.ID, id, membership.RoomChange{Name: &name})
		_, errCheck := b.Check(t.Context(), eve.ID, id)
		_, _, errPeople := b.Participants(t.Context(), eve.ID, id, store.Page{Limit: 1})
		_, errAdd := b.Add(t.Context(), eve.ID, id, membership.Target{UserID: eve.ID})
		for i, err := range []error{
			errGet, errUpdate, errCheck, errPeople, errAdd,
			b.Delete(t.Context(), eve.ID, id), b.Leave(t.Context(), eve.ID, id),
			b.Remove(t.Context(), eve.ID, id, membership.Target{UserID: ada.ID}),
		} {
			e := refusal(t, protocol.CodeNotFound, err)
			require.Equal(t, "there is no such room, or you are not in it", e.Message, "call %d", i)
		}
	}
	require.Empty(t, b.live.told)
}

func TestUpdate(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	r := b.room(t, ada, bob)
	name, private := " new ", true

	got, err := b.Update(t.Context(), ada.ID, r.ID, membership.RoomChange{Name: &name, Private: &private})
	require.NoError(t, err)
	require.Equal(t, "new", got.Name)
	require.True(t, got.Private)
	require.Equal(t, 2, got.ParticipantCount)

	same, err := b.Update(t.Context(), ada.ID, r.ID, membership.RoomChange{})
	require.NoError(t, err)
	require.Equal(t, got, same)

	_, err = b.Update(t.Context(), bob.ID, r.ID, membership.RoomChange{Name: &name})
	requireCode(t, protocol.CodePermissionDenied, err)
}

func TestHandOver(t *testing.T) {
	b := newBench(t)
	ada, bob, eve := b.user(t, "ada"), b.user(t, "bob"), b.user(t, "eve")
	r := b.room(t, ada, bob)

	_, err := b.Update(t.Context(), ada.ID, r.ID, membership.RoomChange{OwnerID: &eve.ID})
	requireField(t, "owner_id", err)
	requireCode(t, protocol.CodeConflict, b.Leave(t.Context(), ada.ID, r.ID))

	got, err := b.Update(t.Context(), ada.ID, r.ID, membership.RoomChange{OwnerID: &bob.ID})
	require.NoError(t, err)
	require.Equal(t, bob, got.Owner)
	require.Equal(t, []string{"ada", "bob*"}, b.participants(t, bob, r.ID))

	_, err = b.Update(t.Context(), ada.ID, r.ID, membership.RoomChange{OwnerID: &ada.ID})
	requireCode(t, protocol.CodePermissionDenied, err)
	require.NoError(t, b.Leave(t.Context(), ada.ID, r.ID))
}

func TestDelete(t *testing.T) {
	b := newBench(t)
	ada, bob := b.user(t, "ada"), b.user(t, "bob")
	r := b.room(t, ada, bob)

	requireCode(t, protocol.CodePermissionDenied, b.Delete(t.Context(), bob.ID, r.ID))
	require.Empty(t, b.live.told)
	require.NoError(t, b.Delete(t.Context(), ada.ID, r.ID))
	require.Equal(t, []string{"1: deleted"}, b.live.told)
	_, err := b.Get(t.Context(), ada.ID, r.ID)
	requireCode(t, protocol.CodeNotFound, err)
	requireCode(t, protocol.CodeNotFound, b.Delete(t.Context(), ada.ID, r.ID))
}

func TestTheStoresFailureIsInternal(t *testing.T) {
	b := newBench(t)
	ada := b.user(t, "ada")
	r := b.room(t, ada)
	require.NoError(t, b.store.Close())

	name := "x"
	_, errCreate := b.Create(t.Context(), ada, membership.NewRoom{Name: name})
	_, _, errList := b.List(t.Context(), ada.ID, store.Page{Limit: 1})
	_, errGet := b.Get(t.Context(), ada.ID, r.ID)
	_, errJoin := b.Join(t.Context(), ada.ID, r.ID)
	_, errCheck := b.Check(t.Context(), ada.ID, r.ID)
	for _, err := range []error{errCreate, errList, errGet, errJoin, errCheck, b.Delete(t.Context(), ada.ID, r.ID)} {
		require.ErrorIs(t, err, store.ErrClosed)
		require.Equal(t, protocol.CodeInternal, protocol.AsError(err).Code)
	}
	require.Empty(t, b.live.told)
}

package membership_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/membership"
	"parley/protocol"
	"parley/store"
)

// meanwhile is a store in which something happens between the Service's check
// and its write.
type meanwhile struct {
	membership.Store
	before func()
}

func (m meanwhile) RemoveParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	m.before()
	return m.Store.RemoveParticipant(ctx, roomID, userID)
}

func (m meanwhile) DeleteRoom(ctx context.Context, id int64) error {
	m.before()
	return m.Store.DeleteRoom(ctx, id)
}

func (m meanwhile) AddParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	m.before()
	return m.Store.AddParticipant(ctx, roomID, userID)
}

func TestWhatHappensMeanwhile(t *testing.T) {
	b := newBench(t)
	ada, bob, eve := b.user(t, "ada"), b.user(t, "bob"), b.user(t, "eve")
	r := b.room(t, ada, bob)
	with := func(before func()) *membership.Service {
		return membership.New(meanwhile{Store: b.store, before: before}, b.live)
	}

	handedOver := with(func() {
		_, err := b.store.UpdateRoom(t.Context(), r.ID, store.RoomChange{OwnerID: &bob.ID})
		require.NoError(t, err)
	})
	requireCode(t, protocol.CodeConflict, handedOver.Leave(t.Context(), bob.ID, r.ID))

	left := with(func() {
		_, err := b.store.RemoveParticipant(t.Context(), r.ID, ada.ID)
		require.NoError(t, err)
	})
	require.NoError(t, left.Leave(t.Context(), ada.ID, r.ID))

	deleted := with(func() { require.NoError(t, b.store.DeleteRoom(t.Context(), r.ID)) })
	_, err := deleted.Join(t.Context(), eve.ID, r.ID)
	requireCode(t, protocol.CodeNotFound, err)
	require.Empty(t, b.live.told, "who was not removed by this call is not announced by it")
}

func TestDeletedTwiceAtOnce(t *testing.T) {
	b := newBench(t)
	ada := b.user(t, "ada")
	r := b.room(t, ada)
	s := membership.New(meanwhile{Store: b.store, before: func() {
		require.NoError(t, b.store.DeleteRoom(t.Context(), r.ID))
	}}, b.live)
	requireCode(t, protocol.CodeNotFound, s.Delete(t.Context(), ada.ID, r.ID))
}

package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func tokenTests() []subtest {
	return []subtest{
		{"several per user", tokenSeveral},
		{"refused", tokenRefused},
		{"deleted", tokenDeleted},
		{"its user is current", tokenUserCurrent},
	}
}

func tokenSeveral(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	before := time.Now().Truncate(time.Millisecond)
	second, err := f.store.CreateToken(f.ctx, ann.ID, hash("second"))
	require.NoError(f, err)
	require.Equal(f, ann, second.User)
	requireStamp(f, before, second.CreatedAt)

	for secret, want := range map[string]store.User{"ann": ann, "second": ann, "ben": ben} {
		got, err := f.store.TokenByHash(f.ctx, hash(secret))
		require.NoError(f, err)
		require.Equal(f, want, got.User)
	}
	first, err := f.store.TokenByHash(f.ctx, hash("ann"))
	require.NoError(f, err)
	require.NotEqual(f, first.ID, second.ID)
}

func tokenRefused(f *fixture) {
	ann := f.user("ann")
	_, err := f.store.CreateToken(f.ctx, ann.ID+1, hash("new"))
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.TokenByHash(f.ctx, hash("new"))
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.CreateToken(f.ctx, ann.ID, hash("ann"))
	require.Error(f, err, "a token's hash cannot be used twice")
	_, err = f.store.TokenByHash(f.ctx, store.Hash{})
	require.ErrorIs(f, err, store.ErrNotFound)
}

func tokenDeleted(f *fixture) {
	ann := f.user("ann")
	second, err := f.store.CreateToken(f.ctx, ann.ID, hash("second"))
	require.NoError(f, err)
	for range 2 {
		require.NoError(f, f.store.DeleteToken(f.ctx, second.ID))
		_, err = f.store.TokenByHash(f.ctx, hash("second"))
		require.ErrorIs(f, err, store.ErrNotFound)
	}
	_, err = f.store.TokenByHash(f.ctx, hash("ann"))
	require.NoError(f, err, "another token of the same user died too")
	third, err := f.store.CreateToken(f.ctx, ann.ID, hash("third"))
	require.NoError(f, err)
	require.Greater(f, third.ID, second.ID, "an id was used again")
}

func tokenUserCurrent(f *fixture) {
	ann := f.user("ann")
	name := "Ann B."
	updated, err := f.store.UpdateUser(f.ctx, ann.ID, store.UserChange{DisplayName: &name})
	require.NoError(f, err)
	got, err := f.store.TokenByHash(f.ctx, hash("ann"))
	require.NoError(f, err)
	require.Equal(f, updated, got.User)
}

package storetest

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func userTests() []subtest {
	return []subtest{
		{"created with its first token", userCreated},
		{"found by id, name and e-mail", userFound},
		{"names and e-mails are unique without case", userUnique},
		{"a refused user leaves no trace", userRefusedWhole},
		{"one of many gets a name", userRace},
		{"updated", userUpdated},
		{"update refused", userUpdateRefused},
		{"ids rise", userIDs},
	}
}

func userCreated(f *fixture) {
	before := time.Now().Truncate(time.Millisecond)
	token, err := f.store.CreateUser(f.ctx, newUser("Ann"))
	require.NoError(f, err)
	u := token.User
	require.Positive(f, u.ID)
	require.Equal(f, "Ann", u.Username)
	require.Equal(f, "Ann@example.com", u.Email)
	require.Equal(f, "The Ann", u.DisplayName)
	require.Equal(f, "$argon2id$Ann", u.PasswordHash)
	require.Equal(f, u.CreatedAt, u.UpdatedAt)
	requireStamp(f, before, u.CreatedAt)
	requireStamp(f, before, token.CreatedAt)

	found, err := f.store.TokenByHash(f.ctx, hash("Ann"))
	require.NoError(f, err)
	require.Equal(f, token, found)
}

// requireStamp checks a time that the store has set since before: UTC, to the
// millisecond.
func requireStamp(f *fixture, before, stamp time.Time) {
	f.Helper()
	require.Equal(f, time.UTC, stamp.Location())
	require.Equal(f, stamp, stamp.Truncate(time.Millisecond), "finer than a millisecond")
	require.False(f, stamp.Before(before), "%v is before %v", stamp, before)
	require.False(f, stamp.After(time.Now()), "%v is in the future", stamp)
}

func userFound(f *fixture) {
	ann, ben := f.user("Ann"), f.user("Ben")
	for _, want := range []store.User{ann, ben} {
		got, err := f.store.UserByID(f.ctx, want.ID)
		require.NoError(f, err)
		require.Equal(f, want, got)
		got, err = f.store.UserByName(f.ctx, want.Username)
		require.NoError(f, err)
		require.Equal(f, want, got)
		got, err = f.store.UserByEmail(f.ctx, want.Email)
		require.NoError(f, err)
		require.Equal(f, want, got)
	}
	_, err := f.store.UserByID(f.ctx, ben.ID+1)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.UserByName(f.ctx, ann.Email)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.UserByEmail(f.ctx, "An%@example.com")
	require.ErrorIs(f, err, store.ErrNotFound, "an e-mail is no pattern")
}

func userUnique(f *fixture) {
	for i, c := range []struct{ first, same string }{
		{"ann", "ANN"},
		{"Ünal", "üNAL"},
		{"ΣΊΣΥΦΟΣ", "σίσυφος"},
		{"straße", "STRASSE"},
		{"Ζ\u0301eno", "ζ\u0301ENO"},
		{"caf\u00e9", "CAFE\u0301"},
	} {
		mail := []string{"a", "b", "c", "d", "e", "f"}[i] + "@example.com"
		first := f.user(c.first)

		u := newUser(c.same)
		u.Email, u.TokenHash = mail, hash(mail)
		_, err := f.store.CreateUser(f.ctx, u)
		require.ErrorIs(f, err, store.ErrUsernameTaken, "%q after %q", c.same, c.first)
		u = newUser(mail)
		u.Email = c.same + "@EXAMPLE.com"
		_, err = f.store.CreateUser(f.ctx, u)
		require.ErrorIs(f, err, store.ErrEmailTaken, "%q after %q", u.Email, first.Email)

		got, err := f.store.UserByName(f.ctx, c.same)
		require.NoError(f, err)
		require.Equal(f, first, got, "the spelling of the first is kept")
		got, err = f.store.UserByEmail(f.ctx, c.same+"@EXAMPLE.com")
		require.NoError(f, err)
		require.Equal(f, first, got)
	}
}

func userRefusedWhole(f *fixture) {
	ann := f.user("ann")
	u := newUser("ben")
	u.Email = ann.Email
	_, err := f.store.CreateUser(f.ctx, u)
	require.ErrorIs(f, err, store.ErrEmailTaken)
	_, err = f.store.UserByName(f.ctx, "ben")
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.TokenByHash(f.ctx, u.TokenHash)
	require.ErrorIs(f, err, store.ErrNotFound)

	u.Email, u.TokenHash = "ben@example.com", hash("ann")
	_, err = f.store.CreateUser(f.ctx, u)
	require.Error(f, err, "a token's hash cannot be used twice")
	_, err = f.store.UserByName(f.ctx, "ben")
	require.ErrorIs(f, err, store.ErrNotFound, "a user without its token was stored")
	f.user("ben")
}

func userRace(f *fixture) {
	var created atomic.Int32
	var wg sync.WaitGroup
	errs := make(chan error, 32)
	for i := range cap(errs) {
		wg.Go(func() {
			u := newUser("ann")
			u.TokenHash = store.Hash{byte(i), 1}
			_, err := f.store.CreateUser(f.ctx, u)
			if err == nil {
				created.Add(1)
			} else {
				errs <- err
			}
		})
	}
	wg.Wait()
	close(errs)
	require.EqualValues(f, 1, created.Load())
	for err := range errs {
		require.ErrorIs(f, err, store.ErrUsernameTaken)
	}
}

func userUpdated(f *fixture) {
	ann := f.user("ann")
	room := f.room(ann)
	m := f.say(room, ann, "before")
	f.tick()
	name, mail := "Ann B.", "ANN@example.com"

	got, err := f.store.UpdateUser(f.ctx, ann.ID, store.UserChange{})
	require.NoError(f, err)
	require.Equal(f, ann.DisplayName, got.DisplayName)
	require.Equal(f, ann.Email, got.Email)
	got, err = f.store.UpdateUser(f.ctx, ann.ID, store.UserChange{DisplayName: &name, Email: &mail})
	require.NoError(f, err, "one's own e-mail in another case is free")
	require.Equal(f, name, got.DisplayName)
	require.Equal(f, mail, got.Email)
	require.Equal(f, ann.CreatedAt, got.CreatedAt)
	require.True(f, got.UpdatedAt.After(ann.UpdatedAt))
	stored, err := f.store.UserByID(f.ctx, ann.ID)
	require.NoError(f, err)
	require.Equal(f, got, stored)

	require.Equal(f, name, f.say(room, ann, "after").Author.DisplayName)
	old, err := f.store.MessageByID(f.ctx, room.ID, m.ID)
	require.NoError(f, err)
	require.Equal(f, name, old.Author.DisplayName, "an old message shows the author as it is now")

	f.user("newcomer")
	mail = "moved@example.com"
	_, err = f.store.UpdateUser(f.ctx, ann.ID, store.UserChange{Email: &mail})
	require.NoError(f, err)
	u := newUser("heir")
	u.Email = "ann@example.com"
	_, err = f.store.CreateUser(f.ctx, u)
	require.NoError(f, err, "an e-mail that was given up is free")
}

func userUpdateRefused(f *fixture) {
	ann, ben := f.user("ann"), f.user("ben")
	mail, name := "BEN@EXAMPLE.COM", "changed"
	_, err := f.store.UpdateUser(f.ctx, ann.ID, store.UserChange{Email: &mail, DisplayName: &name})
	require.ErrorIs(f, err, store.ErrEmailTaken)
	_, err = f.store.UpdateUser(f.ctx, ben.ID+1, store.UserChange{DisplayName: &name})
	require.ErrorIs(f, err, store.ErrNotFound)
	got, err := f.store.UserByID(f.ctx, ann.ID)
	require.NoError(f, err)
	require.Equal(f, ann, got, "a refused update changed something")
}

func userIDs(f *fixture) {
	last := int64(0)
	for _, name := range []string{"a", "b", "c"} {
		u := f.user(name)
		require.Greater(f, u.ID, last)
		last = u.ID
	}
}

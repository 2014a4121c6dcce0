package auth_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/auth"
	"parley/protocol"
	"parley/store"
)

func TestLoginByNameOrEmail(t *testing.T) {
	b := newBench(t)
	first, who := b.register(t, "ada")
	for name, c := range map[string]auth.Credentials{
		"name":               {Username: "ada"},
		"name in capitals":   {Username: " ADA "},
		"email":              {Email: "ada@example.com"},
		"email in capitals":  {Email: " Ada@Example.COM"},
		"both, the name won": {Username: "ada", Email: "nobody@example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			c.Password = "password of ada"
			token, a, err := b.Login(t.Context(), c)
			require.NoError(t, err)
			require.Equal(t, who.Account, a)
			require.NotEqual(t, first, token, "each login has its own token")
			got, err := b.Authenticate(t.Context(), token)
			require.NoError(t, err)
			require.Equal(t, who.User, got.User)
		})
	}
	_, err := b.Authenticate(t.Context(), first)
	require.NoError(t, err, "a login leaves the others alone")
}

func TestLoginTellsNothingOfWhatWasWrong(t *testing.T) {
	b := newBench(t)
	b.register(t, "ada")
	var bodies []*protocol.Error
	for _, c := range []auth.Credentials{
		{Username: "ada", Password: "wrong"},
		{Username: "nobody", Password: "password of ada"},
		{Email: "nobody@example.com", Password: "password of ada"},
		{Username: "ada\x00", Password: "password of ada"},
		{Username: "nobody", Email: "ada@example.com", Password: "password of ada"},
		{Username: " ", Password: "password of ada"},
	} {
		before := b.observe.hashes
		_, _, err := b.Login(t.Context(), c)
		bodies = append(bodies, refusal(t, protocol.CodeInvalidCredentials, err))
		require.Equal(t, before+1, b.observe.hashes, "%+v must cost one hash as any other", c)
	}
	for _, e := range bodies {
		require.Equal(t, bodies[0], e)
	}
}

func TestLoginWantsCredentials(t *testing.T) {
	b := newBench(t)
	_, _, err := b.Login(t.Context(), auth.Credentials{})
	require.Equal(t, []string{"username", "password"}, fields(refusal(t, protocol.CodeValidation, err)))
	require.Zero(t, b.observe.hashes)
}

func TestLoginUsesTheStoredCost(t *testing.T) {
	b := newBench(t)
	b.register(t, "ada")
	dearer := auth.New(auth.Config{Argon2: auth.Argon2{MemoryKiB: 64, Passes: 2, Lanes: 2}}, b.store)
	_, _, err := dearer.Login(t.Context(), auth.Credentials{Username: "ada", Password: "password of ada"})
	require.NoError(t, err)
}

func TestLoginWithTheDefaultCost(t *testing.T) {
	s := &stub{}
	service := auth.New(auth.Config{}, s)
	_, _, err := service.Register(t.Context(), registration("ada"))
	require.NoError(t, err)
	require.Contains(t, s.user.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$")
	_, _, err = service.Login(t.Context(), auth.Credentials{Username: "ada", Password: "password of ada"})
	require.NoError(t, err)
}

func TestLoginIsCountedByResult(t *testing.T) {
	b := newBench(t)
	b.register(t, "ada")
	login := func(ctx context.Context, password string) {
		_, _, _ = b.Login(ctx, auth.Credentials{Username: "ada", Password: password})
	}
	login(t.Context(), "password of ada")
	login(t.Context(), "wrong")
	login(t.Context(), "")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	login(gone, "password of ada")
	require.Equal(t, []string{auth.LoginOK, auth.LoginInvalid, auth.LoginInvalid, auth.LoginFailed}, b.observe.logins)
	require.Zero(t, b.observe.hashing)
}

func TestLoginHidesTheStoresFailure(t *testing.T) {
	broken := errors.New("disk on fire")
	s := auth.New(auth.Config{Argon2: cheap()}, &stub{err: broken})
	_, _, err := s.Login(t.Context(), auth.Credentials{Username: "ada", Password: "password"})
	require.ErrorIs(t, err, broken)
	require.NotContains(t, protocol.AsError(err).Message, "fire")
}

// FuzzStoredHash: whatever a row holds, a login neither succeeds nor panics,
// nor takes more than its share of the machine.
func FuzzStoredHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5a2V5")
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5a2V5")
	f.Add("$argon2id$v=18$m=8,t=1,p=1$$")
	f.Add("$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$a2V5")
	f.Add("$argon2id$v=19$m=8,t=0,p=0$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5a2V5")
	f.Add("pbkdf2_sha256$600000$x$y")
	f.Add("")
	f.Fuzz(func(t *testing.T, stored string) {
		s := auth.New(auth.Config{Argon2: cheap()}, &stub{user: store.User{ID: 1, PasswordHash: stored}})
		_, _, err := s.Login(t.Context(), auth.Credentials{Username: "ada", Password: "password"})
		require.Error(t, err, "stored %q", stored)
	})
}

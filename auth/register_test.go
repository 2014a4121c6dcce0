package auth_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/auth"
	"parley/protocol"
)

func TestRegisterMakesAnAccountAndALogin(t *testing.T) {
	b := newBench(t)
	token, a, err := b.Register(t.Context(), auth.Registration{
		Username: " Ada ", Email: " ada@example.com ", Password: "correct horse", DisplayName: " Ada L. ",
	})
	require.NoError(t, err)
	require.Regexp(t, `^pt_[A-Za-z0-9_-]{43}$`, token)
	require.Equal(t, "Ada", a.Username)
	require.Equal(t, "ada@example.com", a.Email)
	require.Equal(t, "Ada L.", a.DisplayName)
	require.NotZero(t, a.ID)
	require.False(t, a.CreatedAt.IsZero())

	who, err := b.Authenticate(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, a, who.Account)
	require.Equal(t, protocol.User{ID: a.ID, Username: "Ada", DisplayName: "Ada L."}, who.User)
}

func TestRegisterStoresNoSecret(t *testing.T) {
	b := newBench(t)
	_, who := b.register(t, "ada")
	u, err := b.store.UserByID(t.Context(), who.User.ID)
	require.NoError(t, err)
	require.Regexp(t, `^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`, u.PasswordHash)
}

func TestRegisterNamesEachBadField(t *testing.T) {
	good := registration("ada")
	with := func(change func(*auth.Registration)) auth.Registration {
		r := good
		change(&r)
		return r
	}
	tests := map[string]struct {
		in   auth.Registration
		want []string
	}{
		"everything missing":      {auth.Registration{}, []string{"username", "email", "password"}},
		"everything wrong":        {auth.Registration{Username: "a b", Email: "x", Password: "short", DisplayName: "a\nb"}, []string{"username", "email", "display_name", "password"}},
		"user name too long":      {with(func(r *auth.Registration) { r.Username = strings.Repeat("a", 151) }), []string{"username"}},
		"user name with NUL":      {with(func(r *auth.Registration) { r.Username = "a\x00b" }), []string{"username"}},
		"user name with a slash":  {with(func(r *auth.Registration) { r.Username = "a/b" }), []string{"username"}},
		"user name not UTF-8":     {with(func(r *auth.Registration) { r.Username = "a\xff" }), []string{"username"}},
		"email with a name":       {with(func(r *auth.Registration) { r.Email = "Ada <ada@example.com>" }), []string{"email"}},
		"email without domain":    {with(func(r *auth.Registration) { r.Email = "ada@" }), []string{"email"}},
		"two emails":              {with(func(r *auth.Registration) { r.Email = "a@b.c, d@e.f" }), []string{"email"}},
		"email too long":          {with(func(r *auth.Registration) { r.Email = strings.Repeat("a", 250) + "@b.cd" }), []string{"email"}},
		"email not UTF-8":         {with(func(r *auth.Registration) { r.Email = "a\xff@example.com" }), []string{"email"}},
		"password too long":       {with(func(r *auth.Registration) { r.Password = strings.Repeat("ä", 257) }), []string{"password"}},
		"password too short":      {with(func(r *auth.Registration) { r.Password = "äöüäöüä" }), []string{"password"}},
		"display name too long":   {with(func(r *auth.Registration) { r.DisplayName = strings.Repeat("a", 151) }), []string{"display_name"}},
		"display name with a tab": {with(func(r *auth.Registration) { r.DisplayName = "a\tb" }), []string{"display_name"}},
	}
	b := newBench(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := b.Register(t.Context(), test.in)
			e := refusal(t, protocol.CodeValidation, err)
			require.Equal(t, test.want, fields(e), "%v", e)
			require.NotEmpty(t, e.Message)
		})
	}
	require.Zero(t, b.observe.hashes, "what is refused must not cost a hash")
}

func TestRegisterTakesWhatTheOriginalTakes(t *testing.T) {
	b := newBench(t)
	for i, name := range []string{"a", "ada.l-0_v+e@x", "Ærøskøbing", "アダ", "अदिति", strings.Repeat("x", 150)} {
		_, a, err := b.Register(t.Context(), auth.Registration{
			Username: name,
			Email:    strings.Repeat("m", i+1) + "@localhost",
			Password: strings.Repeat("ä", 8),
		})
		require.NoError(t, err, "user name %q", name)
		require.Equal(t, name, a.DisplayName, "the display name defaults to the user name")
	}
}

func TestRegisterFoldsLookalikes(t *testing.T) {
	b := newBench(t)
	b.register(t, "ada")
	r := registration("ada")
	r.Username, r.Email = "ａｄａ", "other@example.com" // full-width letters
	_, _, err := b.Register(t.Context(), r)
	require.Equal(t, []string{"username"}, fields(refusal(t, protocol.CodeValidation, err)))
}

func TestRegisterNamesWhatIsTaken(t *testing.T) {
	b := newBench(t)
	b.register(t, "ada")
	for field, change := range map[string]func(*auth.Registration){
		"username": func(r *auth.Registration) { r.Username = "ADA" },
		"email":    func(r *auth.Registration) { r.Email = "ADA@EXAMPLE.COM" },
	} {
		r := registration("bob")
		change(&r)
		_, _, err := b.Register(t.Context(), r)
		require.Equal(t, []string{field}, fields(refusal(t, protocol.CodeValidation, err)))
	}
}

func TestRegisterHidesTheStoresFailure(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.store.Close())
	_, _, err := b.Register(t.Context(), registration("ada"))
	require.Error(t, err)
	require.Equal(t, protocol.CodeInternal, protocol.AsError(err).Code)
}

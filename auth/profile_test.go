package auth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/auth"
	"parley/protocol"
)

func credentials(name string) auth.Credentials {
	return auth.Credentials{Username: name, Password: "password of " + name}
}

func TestUpdateProfile(t *testing.T) {
	b := newBench(t)
	token, who := b.register(t, "ada")
	text := func(s string) *string { return &s }

	a, err := b.UpdateProfile(t.Context(), who, auth.ProfileChange{DisplayName: text(" Countess ")})
	require.NoError(t, err)
	require.Equal(t, "Countess", a.DisplayName)
	require.Equal(t, "ada@example.com", a.Email)

	a, err = b.UpdateProfile(t.Context(), who, auth.ProfileChange{Email: text("countess@example.com"), DisplayName: text("")})
	require.NoError(t, err)
	require.Equal(t, "countess@example.com", a.Email)
	require.Equal(t, "ada", a.DisplayName, "an empty display name is the user name")

	require.Equal(t, []int64{a.ID, a.ID}, b.observe.changed)
	now, err := b.Authenticate(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, a, now.Account)

	same, err := b.UpdateProfile(t.Context(), now, auth.ProfileChange{})
	require.NoError(t, err)
	require.Equal(t, a, same)
	require.Len(t, b.observe.changed, 2, "nothing changed by the last")
}

func TestUpdateProfileNamesBadFields(t *testing.T) {
	b := newBench(t)
	b.register(t, "bob")
	_, who := b.register(t, "ada")
	bad, control, taken := "no address", "a\x00b", "BOB@example.com"

	_, err := b.UpdateProfile(t.Context(), who, auth.ProfileChange{Email: &bad, DisplayName: &control})
	require.Equal(t, []string{"email", "display_name"}, fields(refusal(t, protocol.CodeValidation, err)))
	_, err = b.UpdateProfile(t.Context(), who, auth.ProfileChange{Email: &taken})
	require.Equal(t, []string{"email"}, fields(refusal(t, protocol.CodeValidation, err)))
}

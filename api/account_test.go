package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/auth"
	"parley/protocol"
)

func TestRegisterLoginMeLogout(t *testing.T) {
	b := newBench(t)
	a := b.do(t, "POST", "/api/auth/register/", "", map[string]any{
		"username": "ada", "email": "ada@example.com", "password": "correct horse",
		"display_name": "Ada", "avatar": map[string]any{"unknown": "fields are ignored"},
	})
	made := as[api.Login](t, a, http.StatusCreated)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	require.Equal(t, "Ada", made.User.DisplayName)
	require.Regexp(t, `"created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`, a.raw)

	for _, body := range []map[string]string{
		{"username": "ada", "password": "correct horse"},
		{"email": "ADA@example.com", "password": "correct horse"},
	} {
		login := as[api.Login](t, b.do(t, "POST", "/api/auth/login/", "", body), http.StatusOK)
		require.Equal(t, made.User, login.User)
		me := as[protocol.Account](t, b.do(t, "GET", "/api/auth/me/", login.Token, nil), http.StatusOK)
		require.Equal(t, made.User, me)

		requireEmpty(t, b.do(t, "POST", "/api/auth/logout/", login.Token, nil))
		requireProblem(t, b.do(t, "GET", "/api/auth/me/", login.Token, nil), protocol.CodeUnauthenticated)
	}
	as[protocol.Account](t, b.do(t, "GET", "/api/auth/me/", made.Token, nil), http.StatusOK)
}

func TestRegisterNamesFields(t *testing.T) {
	b := newBench(t)
	b.user(t, "ada")
	const path = "/api/auth/register/"
	requireFields(t, b.do(t, "POST", path, "", map[string]any{}), "username", "email", "password")
	requireFields(t, b.do(t, "POST", path, "", map[string]any{"username": 1, "email": nil, "password": []string{}}),
		"username", "email", "password")
	requireFields(t, b.do(t, "POST", path, "", map[string]any{"username": "a b", "email": "x", "password": "y", "display_name": "\x00"}),
		"username", "email", "password", "display_name")
	requireFields(t, b.do(t, "POST", path, "", map[string]any{"username": "ADA", "email": "new@example.com", "password": "long enough"}),
		"username")
	requireFields(t, b.do(t, "POST", path, "", map[string]any{"username": "new", "email": "ADA@example.com", "password": "long enough"}),
		"email")
}

func TestLoginRefusals(t *testing.T) {
	b := newBench(t)
	b.user(t, "ada")
	login := func(body map[string]any) answer { return b.do(t, "POST", "/api/auth/login/", "", body) }
	wrong := login(map[string]any{"username": "ada", "password": "wrong"})
	nobody := login(map[string]any{"username": "nobody", "password": "wrong"})
	requireProblem(t, wrong, protocol.CodeInvalidCredentials)
	require.Equal(t, wrong.raw, nobody.raw)
	requireFields(t, login(map[string]any{"password": "wrong"}), "username")
	requireFields(t, login(map[string]any{"username": "ada"}), "password")
}

func TestAuthorizationHeader(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	me := func(header string) answer {
		return b.send(t, "GET", "/api/auth/me/", http.Header{"Authorization": {header}}, nil)
	}
	for _, good := range []string{"Token " + token, "Bearer " + token, "bearer " + token, "TOKEN  " + token} {
		require.Equal(t, http.StatusOK, me(good).status, "%q", good)
	}
	for _, bad := range []string{token, "Basic " + token, "Token", "Token ", "Token x", "Bearer pt_", ""} {
		requireProblem(t, me(bad), protocol.CodeUnauthenticated)
	}
	requireProblem(t, b.do(t, "GET", "/api/auth/me/", "", nil), protocol.CodeUnauthenticated)
}

func TestUpdateProfile(t *testing.T) {
	b := newBench(t)
	token, was := b.user(t, "ada")
	b.user(t, "bob")
	patch := func(body any) answer { return b.do(t, "PATCH", "/api/auth/profile/", token, body) }

	now := as[protocol.Account](t, patch(map[string]any{"display_name": "Countess", "email": nil}), http.StatusOK)
	require.Equal(t, "Countess", now.DisplayName)
	require.Equal(t, was.Email, now.Email)
	require.Equal(t, now, as[protocol.Account](t, patch(map[string]any{}), http.StatusOK))
	require.Equal(t, now, as[protocol.Account](t, patch(map[string]any{"username": "eve", "id": 7}), http.StatusOK))
	requireFields(t, patch(map[string]any{"email": "bob@example.com"}), "email")
	requireFields(t, patch(map[string]any{"email": 5}), "email")
}

func TestTicket(t *testing.T) {
	var service *auth.Service
	b := newBench(t, func(_ *api.Config, s *api.Services) { service = s.Auth })
	token, account := b.user(t, "ada")
	ticket := as[api.Ticket](t, b.do(t, "POST", "/api/auth/ticket/", token, nil), http.StatusCreated)
	require.WithinDuration(t, time.Now().Add(30*time.Second), ticket.ExpiresAt.Time, 10*time.Second)
	who, err := service.Redeem(t.Context(), ticket.Ticket)
	require.NoError(t, err)
	require.Equal(t, account, who.Account)
}

package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/protocol"
)

func TestParticipants(t *testing.T) {
	b := newBench(t)
	ada, _ := b.user(t, "ada")
	bob, bobs := b.user(t, "bob")
	path, _ := b.room(t, ada)

	for _, body := range []map[string]any{
		{"user_id": bobs.ID}, {"username": "bob"}, {"email": "bob@example.com"}, {"user_id": nil, "username": "bob"},
	} {
		p := as[protocol.Participant](t, b.do(t, "POST", path+"add-participant/", ada, body), http.StatusOK)
		require.Equal(t, bobs.ID, p.ID)
		require.Equal(t, protocol.RoleMember, p.Role)
	}
	l := as[api.List[protocol.Participant]](t, b.do(t, "GET", path+"participants/", bob, nil), http.StatusOK)
	require.Equal(t, 2, l.Count)
	require.Equal(t, []string{"ada", "bob"}, []string{l.Results[0].Username, l.Results[1].Username})
	require.Equal(t, protocol.RoleOwner, l.Results[0].Role)
	l = as[api.List[protocol.Participant]](t, b.do(t, "GET", path+"participants/?page=2&page_size=1", bob, nil), http.StatusOK)
	require.Len(t, l.Results, 1)

	remove := func(token string, body any) answer { return b.do(t, "POST", path+"remove-participant/", token, body) }
	requireProblem(t, remove(bob, map[string]any{"username": "ada"}), protocol.CodePermissionDenied)
	requireProblem(t, remove(ada, map[string]any{"username": "ada"}), protocol.CodeConflict)
	requireEmpty(t, remove(ada, map[string]any{"username": "bob"}))
	requireProblem(t, remove(ada, map[string]any{"username": "bob"}), protocol.CodeNotFound)
	requireProblem(t, b.do(t, "GET", path+"participants/", bob, nil), protocol.CodeNotFound)
}

func TestTargets(t *testing.T) {
	b := newBench(t)
	ada, account := b.user(t, "ada")
	path, _ := b.room(t, ada)
	for _, action := range []string{"add-participant/", "remove-participant/"} {
		post := func(body any) answer { return b.do(t, "POST", path+action, ada, body) }
		requireFields(t, post(map[string]any{}), "user_id")
		requireFields(t, post(map[string]any{"user_id": 999}), "user_id")
		requireFields(t, post(map[string]any{"user_id": "1"}), "user_id")
		requireFields(t, post(map[string]any{"username": "nobody"}), "username")
		requireFields(t, post(map[string]any{"email": "nobody@example.com"}), "email")
		requireFields(t, post(map[string]any{"user_id": account.ID, "username": "ada"}), "user_id")
	}
}

// TestStrangersSeeNothing: every route of a room says the same of one that
// exists to a stranger as of one that does not exist.
func TestStrangersSeeNothing(t *testing.T) {
	b := newBench(t)
	ada, account := b.user(t, "ada")
	eve, _ := b.user(t, "eve")
	path, _ := b.room(t, ada)
	as[protocol.Room](t, b.do(t, "PATCH", path, ada, map[string]any{"private": true}), http.StatusOK)
	bodies := map[string]any{
		"name": "x", "content": "x", "user_id": account.ID,
	}
	for _, r := range roomRoutes() {
		here := b.do(t, r.Method, within(r, path), eve, bodies)
		nowhere := b.do(t, r.Method, within(r, roomPath(999)), eve, bodies)
		requireProblem(t, here, protocol.CodeNotFound)
		require.Equal(t, nowhere.raw, here.raw, "%s", r)
	}
}

package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/protocol"
)

func TestRoomLife(t *testing.T) {
	b := newBench(t)
	ada, account := b.user(t, "ada")
	bob, bobs := b.user(t, "bob")
	path, room := b.room(t, ada)
	require.Equal(t, protocol.User{ID: account.ID, Username: "ada", DisplayName: "ada"}, room.Owner)
	require.Equal(t, 1, room.ParticipantCount)

	joined := as[protocol.Room](t, b.do(t, "POST", path+"join/", bob, nil), http.StatusOK)
	require.Equal(t, 2, joined.ParticipantCount)
	require.Equal(t, joined, as[protocol.Room](t, b.do(t, "GET", path, ada, nil), http.StatusOK))

	renamed := as[protocol.Room](t, b.do(t, "PATCH", path, ada, map[string]any{"name": "new", "owner_id": bobs.ID}), http.StatusOK)
	require.Equal(t, "new", renamed.Name)
	require.Equal(t, bobs.ID, renamed.Owner.ID)
	requireProblem(t, b.do(t, "PATCH", path, ada, map[string]any{"name": "mine"}), protocol.CodePermissionDenied)
	requireProblem(t, b.do(t, "DELETE", path, ada, nil), protocol.CodePermissionDenied)
	requireProblem(t, b.do(t, "POST", path+"leave/", bob, nil), protocol.CodeConflict)

	requireEmpty(t, b.do(t, "POST", path+"leave/", ada, nil))
	requireProblem(t, b.do(t, "GET", path, ada, nil), protocol.CodeNotFound)
	requireEmpty(t, b.do(t, "DELETE", path, bob, nil))
	requireProblem(t, b.do(t, "GET", path, bob, nil), protocol.CodeNotFound)
}

func TestRoomFields(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	path, _ := b.room(t, token)
	create := func(body any) answer { return b.do(t, "POST", "/api/rooms/", token, body) }
	requireFields(t, create(map[string]any{}), "name")
	requireFields(t, create(map[string]any{"name": ""}), "name")
	requireFields(t, create(map[string]any{"name": strings.Repeat("x", 101)}), "name")
	requireFields(t, create(map[string]any{"name": 5, "private": "yes"}), "name", "private")
	requireFields(t, b.do(t, "PATCH", path, token, map[string]any{"owner_id": "1"}), "owner_id")
	requireFields(t, b.do(t, "PATCH", path, token, map[string]any{"owner_id": 999}), "owner_id")
	for _, number := range []string{"1e3", "1.0", "1e30", "99999999999999999999", "-99999999999999999999"} {
		a := b.do(t, "PATCH", path, token, `{"owner_id": `+number+`}`)
		requireFields(t, a, "owner_id")
		require.NotContains(t, a.raw, "Go ", "the server's language is nobody's business")
	}
	requireFields(t, b.do(t, "PATCH", path, token, `{"owner_id": 1e400}`), "body")
	require.True(t, as[protocol.Room](t, create(map[string]any{"name": "x", "private": true}), http.StatusCreated).Private)
}

func TestWhatIsNoIDIsNotFound(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	for _, id := range []string{"0", "-1", "x", "1x", "9007199254740992", "99999999999999999999", "1.0", "%00", "999"} {
		requireProblem(t, b.do(t, "GET", "/api/rooms/"+id+"/", token, nil), protocol.CodeNotFound)
		requireProblem(t, b.do(t, "POST", "/api/rooms/"+id+"/join/", token, nil), protocol.CodeNotFound)
	}
}

func TestRoomsArePaged(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	for range 5 {
		b.room(t, token)
	}
	list := func(query string) api.List[protocol.Room] {
		return as[api.List[protocol.Room]](t, b.do(t, "GET", "/api/rooms/"+query, token, nil), http.StatusOK)
	}
	all := list("")
	require.Equal(t, 5, all.Count)
	require.Len(t, all.Results, 5)
	require.Nil(t, all.Next)
	require.Nil(t, all.Previous)

	var seen []int64
	at, pages := "?page_size=2&x=%26", 0
	for {
		l := list(at)
		pages++
		for _, r := range l.Results {
			seen = append(seen, r.ID)
		}
		require.Equal(t, pages == 1, l.Previous == nil)
		if l.Next == nil {
			break
		}
		next, err := url.Parse(*l.Next)
		require.NoError(t, err)
		require.Equal(t, b.url, next.Scheme+"://"+next.Host)
		require.Equal(t, "&", next.Query().Get("x"), "other parameters are kept")
		at = "?" + next.RawQuery
	}
	require.Equal(t, 3, pages)
	require.Len(t, seen, 5)

	past := list("?page=99&page_size=2")
	require.Empty(t, past.Results)
	require.Equal(t, 5, past.Count)
	require.Nil(t, past.Next)
	require.Contains(t, *past.Previous, "page=3", "back to the last page that there is")
	require.Len(t, list("?page_size=1000").Results, 5)
	require.Empty(t, list(fmt.Sprintf("?page=%d", int64(1)<<62)).Results)
	require.Len(t, list("?page=&page_size=").Results, 5)
}

func TestAnEmptyListIsNotNull(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	a := b.do(t, "GET", "/api/rooms/", token, nil)
	require.JSONEq(t, `{"count":0,"next":null,"previous":null,"results":[]}`, a.raw)
}

func TestBadPages(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	for query, field := range map[string]string{
		"page=0": "page", "page=-1": "page", "page=x": "page", "page=1.5": "page",
		"page=99999999999999999999": "page", "page_size=0": "page_size", "page_size=x": "page_size",
	} {
		requireFields(t, b.do(t, "GET", "/api/rooms/?"+query, token, nil), field)
	}
}

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api"
)

// FuzzBody: whatever the body is, every route that takes one answers, and the
// answer is never that the server is at fault.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "null", "[]", `{"name":"x"}`, `{"content":"x","client_msg_id":"1"}`, `{"user_id":1e400}`,
		`{"user_id":1.5}`, `{"owner_id":-0}`, `{"username":"\u0000","password":"xxxxxxxx","email":"a@b"}`,
		`{"name":"\ud800"}`, `{"name":{"name":[1,2,{}]}}`, `{"NAME":"x","name":null}`, `{"display_name":""}`,
		"{\"name\":\"\xff\"}", strings.Repeat("[", 20000), `{"a":"b"`, `{"email":"a@b","username":"c"}`,
	} {
		f.Add(seed)
	}
	b := newBench(f)
	token, _ := b.user(f, "ada")
	path, _ := b.room(f, token)
	var targets []api.Route
	for _, r := range api.Routes() {
		if r.Method == http.MethodPost || r.Method == http.MethodPatch {
			if r.Path != "/api/auth/logout/" && r.Path != "/api/rooms/{id}/leave/" {
				targets = append(targets, r)
			}
		}
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, r := range targets {
			a := b.do(t, r.Method, within(r, path), token, body)
			require.Less(t, a.status, 500, "%s with %q: %s", r, body, a.raw)
			if a.status >= 400 {
				require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
			}
		}
	})
}

// FuzzQuery: whatever the query is, lists answer.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"page=1", "page=%zz", "page_size=1e9", "after_seq=0&limit=5", "before_seq=9&x[y]=z", "changed_since=2026-01-01T00:00:00%2B02:00",
		"page=9223372036854775807&page_size=100", "&&&=", "page=1;page=2", "after_seq=%00",
	} {
		f.Add(seed)
	}
	b := newBench(f)
	token, _ := b.user(f, "ada")
	path, _ := b.room(f, token)
	f.Fuzz(func(t *testing.T, query string) {
		if strings.ContainsFunc(query, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '#' }) {
			return // no client can send it
		}
		for _, p := range []string{"/api/rooms/", path + "messages/", path + "participants/"} {
			a := b.do(t, "GET", p+"?"+query, token, nil)
			require.Contains(t, []int{http.StatusOK, http.StatusBadRequest}, a.status, "%s?%s: %s", p, query, a.raw)
		}
	})
}

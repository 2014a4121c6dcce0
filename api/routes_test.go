package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/protocol"
)

// roomRoutes are the routes below a room.
func roomRoutes() []api.Route {
	var out []api.Route
	for _, r := range api.Routes() {
		if strings.Contains(r.Path, "{id}") {
			out = append(out, r)
		}
	}
	return out
}

// within is a route's path with a room (/api/rooms/7/) in place of {id}.
func within(r api.Route, room string) string {
	id := strings.Trim(strings.TrimPrefix(room, "/api/rooms/"), "/")
	return strings.ReplaceAll(r.Path, "{id}", id)
}

func TestRoutesAreTheContracts(t *testing.T) {
	want := strings.Fields(`
		POST/api/auth/register/ POST/api/auth/login/ POST/api/auth/logout/ GET/api/auth/me/
		PATCH/api/auth/profile/ POST/api/auth/ticket/
		GET/api/rooms/ POST/api/rooms/ GET/api/rooms/{id}/ PATCH/api/rooms/{id}/ DELETE/api/rooms/{id}/
		POST/api/rooms/{id}/join/ POST/api/rooms/{id}/leave/
		GET/api/rooms/{id}/participants/ POST/api/rooms/{id}/add-participant/ POST/api/rooms/{id}/remove-participant/
		GET/api/rooms/{id}/messages/ POST/api/rooms/{id}/messages/
		GET/api/chat/{id}/messages/ POST/api/chat/{id}/messages/
		GET/api/rooms/{id}/call-state/ GET/api/ice-servers/
		GET/api/calls/missed/ POST/api/calls/missed/seen/
		GET/api/openapi.json GET/api/docs/`)
	var got []string
	for _, r := range api.Routes() {
		got = append(got, r.Method+r.Path)
	}
	require.ElementsMatch(t, want, got)
}

// TestTheSlashAtTheEndIsOptional: both spellings answer alike, unredirected.
func TestTheSlashAtTheEndIsOptional(t *testing.T) {
	b := newBench(t)
	for _, r := range api.Routes() {
		path := within(r, roomPath(1))
		other := path + "/"
		if bare, ok := strings.CutSuffix(path, "/"); ok {
			other = bare
		}
		with, without := b.do(t, r.Method, path, "", nil), b.do(t, r.Method, other, "", nil)
		require.Equal(t, with.status, without.status, "%s", r)
		require.Equal(t, with.raw, without.raw, "%s", r)
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized}, with.status, "%s", r)
	}
}

func TestEverythingElseNeedsAToken(t *testing.T) {
	b := newBench(t)
	public := map[string]bool{
		"POST /api/auth/register/": true, "POST /api/auth/login/": true,
		"GET /api/openapi.json": true, "GET /api/docs/": true,
	}
	for _, r := range api.Routes() {
		a := b.do(t, r.Method, within(r, roomPath(1)), "", "{")
		if public[r.String()] {
			require.NotEqual(t, http.StatusUnauthorized, a.status, "%s", r)
			continue
		}
		requireProblem(t, a, protocol.CodeUnauthenticated)
	}
}

func TestUnknownPaths(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	for _, path := range []string{
		"/api/", "/api/nothing", "/api/auth/", "/api/auth/me/more/", "/api/rooms/1/nothing/", "/api/chat/1/",
		"/api/rooms/1/messages/2/", "/api/openapi.yaml", "/api/docs/x", "/api/ROOMS/",
	} {
		requireProblem(t, b.do(t, "GET", path, token, nil), protocol.CodeNotFound)
		requireProblem(t, b.do(t, "BREW", path, "", nil), protocol.CodeNotFound)
	}
}

func TestWrongMethods(t *testing.T) {
	b := newBench(t)
	allowed := map[string][]string{}
	for _, r := range api.Routes() {
		allowed[r.Path] = append(allowed[r.Path], r.Method)
		if r.Method == http.MethodGet {
			allowed[r.Path] = append(allowed[r.Path], "HEAD")
		}
	}
	for route, methods := range allowed {
		path := strings.ReplaceAll(route, "{id}", "1")
		for _, m := range []string{"PUT", "OPTIONS", "TRACE", "BREW"} {
			for _, spelling := range []string{path, strings.TrimSuffix(path, "/")} {
				a := b.do(t, m, spelling, "", nil)
				requireProblem(t, a, protocol.CodeMethodNotAllowed)
				require.ElementsMatch(t, methods, strings.Split(a.header.Get("Allow"), ", "), "%s", route)
			}
		}
	}
}

func TestHeadWorksForGet(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	path, _ := b.room(t, token)
	for _, p := range []string{"/api/auth/me/", "/api/rooms/", path, path + "messages/", "/api/openapi.json", "/api/docs/"} {
		get, head := b.do(t, "GET", p, token, nil), b.do(t, "HEAD", p, token, nil)
		require.Equal(t, http.StatusOK, head.status, "%s", p)
		require.Empty(t, head.raw)
		require.Equal(t, get.header.Get("Content-Type"), head.header.Get("Content-Type"))
	}
}

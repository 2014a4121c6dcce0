package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestRequestsAreCountedByRoute(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	path, _ := b.room(t, token)
	b.meter.seen = nil
	b.do(t, "GET", path, token, nil)
	b.do(t, "GET", path[:len(path)-1], token, nil)
	b.do(t, "HEAD", "/api/rooms", token, nil)
	b.do(t, "GET", path+"messages/", "", nil)
	b.do(t, "BREW", path, token, nil)
	b.do(t, "GET", "/api/"+token, token, nil)
	b.do(t, "GET", "/api/openapi.json/", "", nil)
	b.send(t, "OPTIONS", path, http.Header{"Origin": {"http://x"}, "Access-Control-Request-Method": {"GET"}}, nil)
	require.Equal(t, []string{
		"GET /api/rooms/{id}/ OK",
		"GET /api/rooms/{id}/ OK",
		"HEAD /api/rooms/ OK",
		"GET /api/rooms/{id}/messages/ Unauthorized",
		"other /api/rooms/{id}/ Method Not Allowed",
		"GET unknown Not Found",
		"GET /api/openapi.json OK",
		"OPTIONS unknown No Content",
	}, b.meter.seen)
	require.Contains(t, b.log.String(), `level=DEBUG msg=request method=GET route=/api/rooms/{id}/ status=200 took=`)
	require.NotContains(t, b.log.String(), token, "tokens stay out of the log")
}

func TestAPanicIsOurFaultAlone(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	path, _ := b.room(t, token)
	b.chat.panic = true
	a := b.do(t, "GET", path+"messages/", token, nil)
	requireProblem(t, a, protocol.CodeInternal)
	require.NotContains(t, a.raw, "fell over")
	require.Contains(t, b.log.String(), "chat fell over")
	require.Contains(t, b.log.String(), "stack=")
	require.Contains(t, b.meter.seen, "GET /api/rooms/{id}/messages/ Internal Server Error")
}

func TestAFailureIsLoggedAndHidden(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	require.NoError(t, b.store.Close())
	for _, r := range []struct{ method, path string }{{"GET", "/api/auth/me/"}, {"POST", "/api/auth/login/"}} {
		a := b.do(t, r.method, r.path, token, map[string]string{"username": "ada", "password": "x"})
		requireProblem(t, a, protocol.CodeInternal)
		require.NotContains(t, a.raw, "store")
	}
	require.Contains(t, b.log.String(), "level=ERROR")
	require.Contains(t, b.log.String(), "store: closed")
}

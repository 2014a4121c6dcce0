package app_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePageIsAtTheRootBesideTheAPI(t *testing.T) {
	a, err := build(t, config(t))
	require.NoError(t, err)
	require.NoError(t, a.Start(t.Context()))
	defer stop(t, a)
	for path, want := range map[string]int{
		"/": http.StatusOK, "/page.js": http.StatusOK, "/client/parley.js": http.StatusOK, "/api/docs/": http.StatusOK,
		"/nothing": http.StatusNotFound, "/client/": http.StatusNotFound, "/api/nothing": http.StatusNotFound,
	} {
		res := get(t, "http://"+a.Addr()+path)
		require.Equal(t, want, res.StatusCode, path)
		if want == http.StatusNotFound {
			require.Equal(t, "application/problem+json", res.Header.Get("Content-Type"), path)
		}
	}
	require.Contains(t, get(t, "http://"+a.Addr()+"/").Header.Get("Content-Security-Policy"), "script-src 'self'")
}

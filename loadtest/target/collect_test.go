package target_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/target"
)

func TestNodesCollectTheirGarbage(t *testing.T) {
	var collected atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/heap", func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("gc") == "1" {
			collected.Add(1)
		}
	})
	with, without := httptest.NewServer(mux), httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(with.Close)
	t.Cleanup(without.Close)
	aim := func(admin ...string) *target.Target {
		return open(t, target.Config{URLs: []string{"http://127.0.0.1:1"}, Admin: admin})
	}
	require.NoError(t, aim(with.URL, with.URL+"/").Collect(within(t)))
	require.EqualValues(t, 2, collected.Load(), "each of them")
	require.NoError(t, aim().Collect(within(t)), "nobody is to be asked")
	require.ErrorContains(t, aim(without.URL).Collect(within(t)), without.URL+"/debug/pprof/heap answered 404 Not Found")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, aim(with.URL).Collect(ctx), context.Canceled)
	require.EqualValues(t, 2, collected.Load())
}

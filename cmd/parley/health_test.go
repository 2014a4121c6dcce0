package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHealthAsksTheAdminListener(t *testing.T) {
	ready := http.StatusServiceUnavailable
	admin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/healthz":
			_, _ = w.Write([]byte(`{"status":"ok"}` + "\n"))
		case "/readyz":
			w.WriteHeader(ready)
			_, _ = w.Write([]byte("store: locked"))
		}
	}))
	defer admin.Close()
	addr := strings.TrimPrefix(admin.URL, "http://")

	got := command(t, process{}, "health", "--admin-addr", addr)
	require.Equal(t, result{exitOK, `{"status":"ok"}` + "\n", ""}, got)

	got = command(t, process{environ: []string{"PARLEY_ADMIN_ADDR=" + addr}}, "health", "--ready")
	require.Equal(t, exitFailed, got.code)
	require.Contains(t, got.stderr, "503")
	require.Contains(t, got.stderr, "store: locked")

	ready = http.StatusOK
	got = command(t, process{}, "health", "--ready", "--admin-addr", addr)
	require.Equal(t, exitOK, got.code, got.stderr)

	admin.Close()
	got = command(t, process{}, "health", "--admin-addr", addr)
	require.Equal(t, exitFailed, got.code, "nobody listens")
	require.NotEmpty(t, got.stderr)
}

package browser

import (
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// site serves static files from an origin of its own.
type site struct {
	url string // static

	config atomic.Value // string: what config.json holds
}

// startSite serves a folder. config.json is what configure said last.
func startSite(t *testing.T, folder string) *site {
	t.Helper()
	s := &site{}
	s.config.Store("{}")
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(folder)))
	mux.HandleFunc("/config.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(s.config.Load().(string)))
	})
	s.url = serve(t, mux)
	return s
}

// serve serves on a free port until the test ends.
func serve(t *testing.T, h http.Handler) (url string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: h}
	done := make(chan error)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-done, http.ErrServerClosed)
	})
	return "http://" + l.Addr().String()
}

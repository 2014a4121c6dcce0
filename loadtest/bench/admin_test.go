package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const page = `# HELP go_memstats_heap_alloc_bytes Bytes.
# TYPE go_memstats_heap_alloc_bytes gauge
go_memstats_heap_alloc_bytes 4.5e+06
go_memstats_heap_alloc_bytes_total 9e+09
go_memstats_stack_inuse_bytes 500000
`

func TestSumGauges(t *testing.T) {
	n, err := sumGauges(strings.NewReader(page), "go_memstats_heap_alloc_bytes", "go_memstats_stack_inuse_bytes")
	require.NoError(t, err)
	require.EqualValues(t, 5_000_000, n)
	_, err = sumGauges(strings.NewReader(page), "go_goroutines")
	require.ErrorContains(t, err, "go_goroutines")
	_, err = sumGauges(strings.NewReader("go_goroutines many"), "go_goroutines")
	require.ErrorContains(t, err, "go_goroutines")
}

func TestAdmin(t *testing.T) {
	asked := make(chan string, 8)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.String()
		switch r.URL.Path {
		case "/metrics":
			_, _ = w.Write([]byte(page))
		case "/debug/pprof/profile":
			_, _ = w.Write([]byte("profile"))
		case "/debug/pprof/heap":
		default:
			http.NotFound(w, r)
		}
	}))
	defer s.Close()
	a := admin{base: s.URL, http: s.Client()}

	require.NoError(t, a.collect(t.Context()))
	require.Equal(t, "/debug/pprof/heap?gc=1", <-asked)

	n, err := a.heap(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 5_000_000, n)
	require.Equal(t, "/metrics", <-asked)

	path := filepath.Join(t.TempDir(), "x.pprof")
	require.NoError(t, a.profile(t.Context(), 2*time.Second, path))
	require.Equal(t, "/debug/pprof/profile?seconds=2", <-asked)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "profile", string(b))

	require.NoError(t, a.profile(t.Context(), time.Millisecond, path))
	require.Equal(t, "/debug/pprof/profile?seconds=1", <-asked, "a second at least")

	a.base += "/elsewhere"
	_, err = a.heap(t.Context())
	require.ErrorContains(t, err, "404")
}

package metrics_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/metrics"
)

func TestScrapeNegotiatesTheFormat(t *testing.T) {
	m := newMetrics()
	exercise(m)
	h := metrics.AdminHandler(m, nil)
	for _, c := range []struct{ accept, want string }{
		{"", "text/plain"},
		{"text/plain", "text/plain"},
		{"application/openmetrics-text;version=1.0.0", "application/openmetrics-text"},
		{
			"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
			"application/vnd.google.protobuf",
		}, // the format that carries native histograms
	} {
		rec := get(t, h, "/metrics", "Accept", c.accept)
		require.Equal(t, http.StatusOK, rec.Code)
		require.True(t, strings.HasPrefix(rec.Header().Get("Content-Type"), c.want),
			"Accept %q was answered with %q", c.accept, rec.Header().Get("Content-Type"))
		require.Contains(t, rec.Body.String(), "parley_connections")
	}
	body := get(t, h, "/metrics", "Accept", "application/openmetrics-text;version=1.0.0").Body.String()
	require.True(t, strings.HasSuffix(body, "# EOF\n"), "OpenMetrics ends with EOF")
}

func TestScrapeSurvivesABrokenGauge(t *testing.T) {
	m := newMetrics()
	m.Edge.Opened()
	m.Edge.Shard(0, func() int { panic("shard gone") })
	h := metrics.AdminHandler(m, nil)
	require.Equal(t, 1.0, scrapeHandler(t, h).value(t, "parley_connections"))
	require.Equal(t, 1.0, scrapeHandler(t, h).value(t, `promhttp_metric_handler_errors_total{cause="gathering"}`),
		"the first scrape's error")
}

func TestHealthzAnswersWhateverIsBroken(t *testing.T) {
	h := metrics.AdminHandler(newMetrics(), []metrics.Check{{
		Name: "store", Probe: func(context.Context) error { return errors.New("disk full") },
	}})
	h.SetDraining(true)
	rec := get(t, h, "/healthz")
	require.Equal(t, http.StatusOK, rec.Code)
	require.Equal(t, "application/json", rec.Header().Get("Content-Type"))
	var body struct {
		OK                bool
		Version, Revision string
		UptimeS           *float64 `json:"uptime_s"`
	}
	require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &body), rec.Body.String())
	require.True(t, body.OK)
	require.Equal(t, "1.2.3", body.Version)
	require.Equal(t, "abcdef", body.Revision)
	require.NotNil(t, body.UptimeS)
	require.GreaterOrEqual(t, *body.UptimeS, 0.0)
}

func TestIndexListsWhatAnswers(t *testing.T) {
	h := metrics.AdminHandler(newMetrics(), nil)
	rec := get(t, h, "/")
	require.Equal(t, http.StatusOK, rec.Code)
	links := regexp.MustCompile(`href="([^"]+)"`).FindAllStringSubmatch(rec.Body.String(), -1)
	require.Len(t, links, 4)
	for _, link := range links {
		require.Equal(t, http.StatusOK, get(t, h, link[1]).Code, "the link to %s", link[1])
	}
}

func TestUnknownPathsAndMethodsAreRefused(t *testing.T) {
	h := metrics.AdminHandler(newMetrics(), nil)
	require.Equal(t, http.StatusNotFound, get(t, h, "/metric").Code)
	require.Equal(t, http.StatusNotFound, get(t, h, "/debug/vars").Code)

	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/metrics", nil)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	require.Equal(t, http.StatusMethodNotAllowed, rec.Code)
}

// The profiles are asked for over a real server, as `go tool pprof` does.
func TestProfiles(t *testing.T) {
	srv := httptest.NewServer(metrics.AdminHandler(newMetrics(), nil))
	defer srv.Close()
	for _, path := range []string{
		"/debug/pprof/", "/debug/pprof/goroutine?debug=1", "/debug/pprof/heap", "/debug/pprof/allocs",
		"/debug/pprof/cmdline", "/debug/pprof/symbol", "/debug/pprof/profile?seconds=1", "/debug/pprof/trace?seconds=0.1",
		"/debug/pprof", // redirected
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+path, nil)
		require.NoError(t, err)
		res, err := srv.Client().Do(req)
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusOK, res.StatusCode, "%s: %s", path, body)
		require.NotEmpty(t, body, path)
	}
}

package exporter_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/loadtest/exporter"
	"parley/loadtest/measure"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPrometheusSeesTheRun(t *testing.T) {
	start := time.Now()
	r := measure.New(start)
	r.Stage("join").Done(start, start.Add(100*time.Millisecond))
	r.Stage("join").Fail("timeout", errors.New("late"))
	r.Count("candidates.host-host", 3)
	r.Gauge("sockets", 7)
	r.Fault(measure.Lost, "x")
	s, err := exporter.Listen(t.Context(), "127.0.0.1:0", r.Snapshot)
	require.NoError(t, err)
	defer s.Close()
	scrape := func() string {
		hc := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := hc.Get("http://" + s.Addr() + "/metrics")
		require.NoError(t, err)
		defer res.Body.Close()
		require.Equal(t, http.StatusOK, res.StatusCode)
		b, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return string(b)
	}
	page := scrape()
	for _, want := range []string{
		`parley_load_stage_seconds{stage="join",quantile="0.99"} 0.1`, `parley_load_stage_seconds_count{stage="join"} 1`,
		`parley_load_failures_total{cause="timeout",stage="join"} 1`, `parley_load_counted_total{name="candidates.host-host"} 3`,
		`parley_load_standing{name="sockets"} 7`, `parley_load_faults_total{kind="lost"} 1`, `parley_load_faults_total{kind="late"} 0`,
		`go_goroutines `,
	} {
		require.Contains(t, page, want)
	}
	r.Stage("leave").Done(start, start)
	require.Contains(t, scrape(), `parley_load_stage_seconds_count{stage="leave"} 1`)

	_, err = exporter.Listen(t.Context(), s.Addr(), r.Snapshot)
	require.ErrorContains(t, err, "address already in use")
}

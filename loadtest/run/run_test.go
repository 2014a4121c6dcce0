package run_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/loadtest/measure"
	"parley/loadtest/report"
	"parley/loadtest/run"
	"parley/loadtest/target"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// load is a load of the test's own.
type load func(ctx context.Context, r *measure.Recorder) error

func (l load) Run(ctx context.Context, _ *target.Target, r *measure.Recorder) error { return l(ctx, r) }

// viewer counts what it is shown.
type viewer struct {
	mu    sync.Mutex
	shown []measure.Sample
	two   chan struct{} // closed at the second
}

func (v *viewer) Show(s measure.Sample) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.shown = append(v.shown, s); len(v.shown) == 2 {
		close(v.two)
	}
}

func aim(t *testing.T, cfg target.Config) *target.Target {
	t.Helper()
	cfg.URLs = []string{"http://127.0.0.1:1"}
	tg, err := target.New(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(tg.Close)
	return tg
}

func TestRunSamplesClientAndNodes(t *testing.T) {
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("parley_connections 7\nparley_x_sum 1\nparley_x_count 1\nparley_x_bucket{le=\"1\"} 1\n" +
			"go_goroutines 3\ngo_threads 4\nprocess_resident_memory_bytes 5\npromhttp_x 1\n"))
	}))
	t.Cleanup(node.Close)
	v := &viewer{two: make(chan struct{})}
	rule, err := report.ParseRule("x.done<1")
	require.NoError(t, err)
	got, err := run.Do(t.Context(), run.Config{
		Tool: report.Tool{Version: "v1"}, Name: "test", Options: map[string]int{"n": 1}, Rules: []report.Rule{rule}, Viewer: v,
	}, load(func(_ context.Context, r *measure.Recorder) error {
		r.Stage("x").Done(time.Now(), time.Now())
		<-v.two
		return nil
	}), aim(t, target.Config{Admin: []string{node.URL}}), measure.New(time.Now()))
	require.NoError(t, err)
	require.Equal(t, "test", got.Load)
	require.JSONEq(t, `{"n": 1}`, string(got.Options))
	require.Equal(t, []string{"http://127.0.0.1:1"}, got.Target)
	require.Positive(t, got.Elapsed)
	require.True(t, got.Passed)
	require.False(t, got.Stopped)
	require.Len(t, got.Rules, 6, "the one asked for, and no fault of five kinds")
	require.EqualValues(t, 1, got.Recorded.Stages["x"].Done())
	require.GreaterOrEqual(t, len(got.Recorded.Series), 3, "each second, and the end")
	require.Len(t, got.Client.Series, len(got.Recorded.Series))
	require.GreaterOrEqual(t, len(got.Server), 2)
	require.Equal(t, target.Metrics{"parley_connections": 7, "go_goroutines": 3, "process_resident_memory_bytes": 5}, got.Server[0].Metrics)
}

func TestStoppedRunReportsWhatWasDone(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	got, err := run.Do(ctx, run.Config{Name: "test"}, load(func(ctx context.Context, r *measure.Recorder) error {
		r.Stage("x").Done(time.Now(), time.Now())
		stop()
		<-ctx.Done()
		return ctx.Err()
	}), aim(t, target.Config{}), measure.New(time.Now()))
	require.NoError(t, err)
	require.True(t, got.Stopped)
	require.EqualValues(t, 1, got.Recorded.Stages["x"].Done())
	require.Empty(t, got.Server)
}

func TestLoadThatCannotRun(t *testing.T) {
	broken := errors.New("nobody there")
	node := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(node.Close)
	got, err := run.Do(t.Context(), run.Config{Name: "test"}, load(func(context.Context, *measure.Recorder) error {
		return broken
	}), aim(t, target.Config{Admin: []string{node.URL}}), measure.New(time.Now()))
	require.ErrorIs(t, err, broken)
	require.Equal(t, "test", got.Load)
	require.Empty(t, got.Server, "what could not be read is left out")

	_, err = run.Do(t.Context(), run.Config{Options: func() {}}, load(nil), aim(t, target.Config{}), measure.New(time.Now()))
	require.ErrorContains(t, err, "options")
}

package metrics_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/metrics"
)

// readyz is the answer of /readyz.
type readyz struct {
	Ready    bool
	Draining bool
	Checks   []struct {
		Name  string
		OK    bool
		Error string
		MS    *float64
	}
}

// askReady asks /readyz and checks that status and body say the same.
func askReady(t *testing.T, h http.Handler) readyz {
	t.Helper()
	rec := get(t, h, "/readyz")
	require.Equal(t, "application/json", rec.Header().Get("Content-Type"))
	var r readyz
	require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &r), rec.Body.String())
	want := http.StatusServiceUnavailable
	if r.Ready {
		want = http.StatusOK
	}
	require.Equal(t, want, rec.Code, "the status of %s", rec.Body)
	return r
}

func TestReadyWhileAllDependenciesAnswer(t *testing.T) {
	h := metrics.AdminHandler(newMetrics(), []metrics.Check{
		{Name: "store", Probe: ready},
		{Name: "cluster", Probe: ready},
	})
	r := askReady(t, h)
	require.True(t, r.Ready)
	require.Len(t, r.Checks, 2)
	require.Equal(t, "store", r.Checks[0].Name, "checks keep their order")
	require.Equal(t, "cluster", r.Checks[1].Name)
	require.NotNil(t, r.Checks[0].MS)

	p := scrapeHandler(t, h)
	require.Equal(t, 1.0, p.value(t, "parley_ready"))
	require.Equal(t, 1.0, p.value(t, `parley_dependency_up{name="store"}`))
}

func TestReadyWithNothingToDependOn(t *testing.T) {
	h := metrics.AdminHandler(newMetrics(), nil)
	require.True(t, askReady(t, h).Ready)
	require.Contains(t, get(t, h, "/readyz").Body.String(), `"checks":[]`)
}

func TestNotReadyNamesTheDependencyThatFails(t *testing.T) {
	h := metrics.AdminHandler(newMetrics(), []metrics.Check{
		{Name: "store", Probe: ready},
		{Name: "cluster", Probe: func(context.Context) error { return errors.New("connection refused") }},
	})
	r := askReady(t, h)
	require.False(t, r.Ready)
	require.True(t, r.Checks[0].OK)
	require.False(t, r.Checks[1].OK)
	require.Equal(t, "connection refused", r.Checks[1].Error)

	p := scrapeHandler(t, h)
	require.Zero(t, p.value(t, "parley_ready"))
	require.Equal(t, 1.0, p.value(t, `parley_dependency_up{name="store"}`))
	require.Zero(t, p.value(t, `parley_dependency_up{name="cluster"}`))
}

func TestDrainingIsNotReadyAtOnce(t *testing.T) {
	h := metrics.AdminHandler(newMetrics(), []metrics.Check{{Name: "store", Probe: ready}})
	require.True(t, askReady(t, h).Ready)
	h.SetDraining(true)
	r := askReady(t, h)
	require.False(t, r.Ready)
	require.True(t, r.Draining)
	require.True(t, r.Checks[0].OK)
	require.Zero(t, scrapeHandler(t, h).value(t, "parley_ready"))
	h.SetDraining(false)
	require.True(t, askReady(t, h).Ready)
}

func TestAskingOftenDoesNotLoadTheDependencies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var probed atomic.Int64
		h := metrics.AdminHandler(newMetrics(), []metrics.Check{{
			Name: "store", Probe: func(context.Context) error { probed.Add(1); return nil },
		}})
		for range 100 {
			go get(t, h, "/readyz")
		}
		synctest.Wait()
		require.EqualValues(t, 1, probed.Load(), "probes for 100 questions at once")
		time.Sleep(2 * time.Second)
		require.True(t, askReady(t, h).Ready)
		require.EqualValues(t, 2, probed.Load(), "an answer is not kept for long")
	})
}

func TestRecoveryIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		down.Store(true)
		h := metrics.AdminHandler(newMetrics(), []metrics.Check{{
			Name: "store", Probe: func(context.Context) error {
				if down.Load() {
					return errors.New("down")
				}
				return nil
			},
		}})
		require.False(t, askReady(t, h).Ready)
		down.Store(false)
		time.Sleep(time.Second)
		require.True(t, askReady(t, h).Ready)
	})
}

func TestProbesRunSideBySideAndAreGivenATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		h := metrics.AdminHandler(newMetrics(), []metrics.Check{
			{Name: "a", Probe: slow}, {Name: "b", Probe: slow}, {Name: "c", Probe: ready},
		})
		start := time.Now()
		r := askReady(t, h)
		require.Equal(t, 2*time.Second, time.Since(start))
		require.False(t, r.Ready)
		require.False(t, r.Checks[0].OK)
		require.NotEmpty(t, r.Checks[0].Error)
		require.True(t, r.Checks[2].OK)
	})
}

func TestAProbeThatNeverReturnsIsNotStartedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var started atomic.Int64
		release := make(chan struct{})
		h := metrics.AdminHandler(newMetrics(), []metrics.Check{{
			Name: "store", Probe: func(context.Context) error { started.Add(1); <-release; return nil },
		}})
		require.Equal(t, "no answer within 2s", askReady(t, h).Checks[0].Error)
		time.Sleep(time.Second)
		require.Equal(t, "the probe does not return", askReady(t, h).Checks[0].Error)
		require.EqualValues(t, 1, started.Load())

		close(release)
		synctest.Wait()
		time.Sleep(time.Second)
		require.True(t, askReady(t, h).Ready, "it is asked again once it has returned")
		require.EqualValues(t, 2, started.Load())
	})
}

func TestAProbeThatPanicsDoesNotEndTheNode(t *testing.T) {
	h := metrics.AdminHandler(newMetrics(), []metrics.Check{{
		Name: "store", Probe: func(context.Context) error { panic("nil map") },
	}})
	r := askReady(t, h)
	require.False(t, r.Ready)
	require.Contains(t, r.Checks[0].Error, "nil map")
}

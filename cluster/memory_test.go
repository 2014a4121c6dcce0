package cluster_test

import (
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/cluster/clustertest"
)

func pair(t *testing.T) (a, b cluster.Bus) {
	m := cluster.NewMemory()
	a, b = m.Bus(), m.Bus()
	t.Cleanup(func() {
		require.NoError(t, a.Close())
		require.NoError(t, b.Close())
	})
	return a, b
}

func TestMemoryKeepsTheContract(t *testing.T) { clustertest.Run(t, pair) }

func subscribe(t *testing.T, bus cluster.Bus, topic string, handler func([]byte)) (cancel func()) {
	t.Helper()
	cancel, err := bus.Subscribe(t.Context(), topic, handler)
	require.NoError(t, err)
	return cancel
}

func publish(t *testing.T, bus cluster.Bus, topic, payload string) {
	t.Helper()
	require.NoError(t, bus.Publish(t.Context(), topic, []byte(payload)))
}

func TestMediaAreSeparate(t *testing.T) {
	a, _ := pair(t)
	b, _ := pair(t)
	subscribe(t, a, "room", func(p []byte) { t.Errorf("%q crossed over", p) })
	publish(t, b, "room", "elsewhere")
}

func TestPublishReturnsAfterDelivery(t *testing.T) {
	a, b := pair(t)
	var got []string // no lock: the race detector proves that it needs none
	for _, bus := range []cluster.Bus{a, b} {
		subscribe(t, bus, "room", func(p []byte) { got = append(got, string(p)) })
	}
	publish(t, a, "room", "1")
	publish(t, b, "room", "2")
	require.Equal(t, []string{"1", "1", "2", "2"}, got)
}

func TestHandlerMayPublishOnItsOwnTopic(t *testing.T) {
	a, b := pair(t)
	var got []string
	subscribe(t, a, "room", func(p []byte) {
		got = append(got, string(p))
		if len(p) < 4 {
			publish(t, b, "room", string(p)+"x")
		}
	})
	publish(t, b, "room", "x")
	require.Equal(t, []string{"x", "xx", "xxx", "xxxx"}, got)
}

func TestHandlerMaySubscribeAndCancelOthers(t *testing.T) {
	a, b := pair(t)
	var got []string
	other := subscribe(t, a, "other", func(p []byte) { got = append(got, "other "+string(p)) })
	once := sync.OnceFunc(func() {
		other()
		subscribe(t, b, "room", func(p []byte) { got = append(got, "new "+string(p)) })
	})
	subscribe(t, a, "room", func([]byte) { once() })
	publish(t, b, "other", "1")
	publish(t, b, "room", "2")
	publish(t, b, "other", "3")
	publish(t, b, "room", "4")
	require.Equal(t, []string{"other 1", "new 4"}, got)
}

// TestStopWaitsForRunningHandlers runs for both ways to end a subscription.
func TestStopWaitsForRunningHandlers(t *testing.T) {
	for name, stop := range map[string]func(bus cluster.Bus, cancel func()){
		"cancel": func(_ cluster.Bus, cancel func()) { cancel() },
		"close": func(bus cluster.Bus, _ func()) {
			if err := bus.Close(); err != nil {
				panic(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := pair(t)
				release, ended := make(chan struct{}), make(chan struct{})
				cancel := subscribe(t, a, "room", func([]byte) { <-release })
				go func() { _ = b.Publish(t.Context(), "room", nil) }()
				synctest.Wait() // the handler runs
				go func() { stop(a, cancel); close(ended) }()
				synctest.Wait() // whoever stops waits
				select {
				case <-ended:
					t.Error("it did not wait for the handler")
				default:
				}
				publish(t, b, "room", "skipped, or this would block")
				close(release)
				<-ended
			})
		})
	}
}

func TestSlowHandlerHoldsUpItsPublisherOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := pair(t)
		release := make(chan struct{})
		slow := subscribe(t, a, "slow", func([]byte) { <-release })
		var got []string
		fast := subscribe(t, a, "fast", func(p []byte) { got = append(got, string(p)) })
		go func() { _ = b.Publish(t.Context(), "slow", nil) }()
		synctest.Wait()
		publish(t, b, "fast", "passes")
		require.Equal(t, []string{"passes"}, got)
		close(release)
		slow()
		fast()
	})
}

// Whoever posts does not wait for handlers, and what does not fit is refused.
func TestPostNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := pair(t)
		release, got := make(chan struct{}), 0
		subscribe(t, b, "room", func([]byte) {
			<-release
			got++
		})
		require.True(t, a.Post("room", nil))
		synctest.Wait() // the handler runs
		taken := 1
		for a.Post("room", nil) {
			taken++
			require.Less(t, taken, 1<<20, "the queue must have an end")
		}
		live := false
		a.Follow("hall", func([]byte) {}, func() { live = true })
		close(release)
		synctest.Wait()
		require.Equal(t, taken, got)
		require.True(t, live, "who follows is told though the queue was full")
		require.True(t, a.Post("room", nil), "there is room again")
		synctest.Wait()
	})
}

func TestLiveIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := pair(t)
		times := 0
		a.Follow("room", func([]byte) {}, func() { times++ })
		synctest.Wait()
		require.Equal(t, 1, times)
	})
}

func TestPublishAllocatesNothing(t *testing.T) {
	a, b := pair(t)
	for _, bus := range []cluster.Bus{a, b} {
		subscribe(t, bus, "room", func([]byte) {})
	}
	payload, ctx := []byte("payload"), t.Context()
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if err := a.Publish(ctx, "room", payload); err != nil {
			panic(err)
		}
	}))
}

func BenchmarkPublish(b *testing.B) {
	m := cluster.NewMemory()
	buses := []cluster.Bus{m.Bus(), m.Bus(), m.Bus()}
	for _, bus := range buses {
		if _, err := bus.Subscribe(b.Context(), "room", func([]byte) {}); err != nil {
			b.Fatal(err)
		}
		defer func() { _ = bus.Close() }()
	}
	payload := make([]byte, 512)
	b.ReportAllocs()
	for b.Loop() {
		if err := buses[0].Publish(b.Context(), "room", payload); err != nil {
			b.Fatal(err)
		}
	}
}

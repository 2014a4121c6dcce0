package redis_test

import (
	"encoding/binary"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"parley/cluster/redis"
)

// BenchmarkPublish carries 300-byte payloads over one server from one bus to
// another, and says how many payloads a round trip had and how long they took.
func BenchmarkPublish(b *testing.B) {
	for _, way := range []struct {
		name    string
		waiting int // publishers that wait for each payload; 0: one that posts
	}{{"one at a time", 1}, {"64 at once", 64}, {"posted", 0}} {
		b.Run(way.name, func(b *testing.B) { benchmark(b, oneClient(b, share.one), way.waiting) })
		b.Run(way.name+", cluster", func(b *testing.B) { benchmark(b, clusterClient(b, share.cluster), way.waiting) })
	}
}

func benchmark(b *testing.B, client goredis.UniversalClient, waiting int) {
	m := &meter{}
	cfg := redis.Config{Client: client, Prefix: b.Name()}
	to := start(b, cfg)
	cfg.Meter = m
	from := start(b, cfg)
	up(b, from, to)
	began, took := time.Now(), make([]time.Duration, 0, b.N+1)
	var came atomic.Int64
	stop, err := to.Subscribe(b.Context(), "room", func(p []byte) {
		took = append(took, time.Since(began)-time.Duration(binary.LittleEndian.Uint64(p)))
		came.Add(1)
	})
	if err != nil {
		b.Fatal(err)
	}
	payload := func() []byte {
		p := make([]byte, 300)
		binary.LittleEndian.PutUint64(p, uint64(time.Since(began)))
		return p
	}
	before, pipelines := m.read(func(m *meter) int { return m.published }), m.read(func(m *meter) int { return m.pipelines })
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	var all sync.WaitGroup
	for range max(waiting, 1) {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if waiting > 0 {
					if err := from.Publish(b.Context(), "room", payload()); err != nil {
						b.Error(err)
						return
					}
					continue
				}
				for !from.Post("room", payload()) {
					runtime.Gosched()
				}
			}
		})
	}
	all.Wait()
	for came.Load() < int64(b.N) {
		runtime.Gosched()
	}
	b.StopTimer()
	stop()
	slices.Sort(took)
	payloads := m.read(func(m *meter) int { return m.published }) - before
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "payloads/s")
	b.ReportMetric(float64(payloads)/float64(m.read(func(m *meter) int { return m.pipelines })-pipelines), "payloads/trip")
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

package room_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkPark is what it takes to put 5,000 suspended sessions by, with some
// frames each, in a vault in memory.
func BenchmarkPark(b *testing.B) {
	const sessions = 5000
	for b.Loop() {
		b.StopTimer()
		cfg := lasting()
		cfg.Resume.NodeBytes = 0
		x := startNodes(b, 1, cfg, plain)
		a := x.all[0]
		for i := range sessions {
			a.enter(fmt.Sprintf("user=%d&ack=1", i+1))
		}
		a.note(1, 1, 10)
		a.hub.Drain()
		b.StartTimer()
		began := time.Now()
		require.NoError(b, a.hub.Park(b.Context()))
		b.ReportMetric(float64(sessions)/time.Since(began).Seconds(), "sessions/s")
		b.StopTimer()
		a.stop()
		b.StartTimer()
	}
}

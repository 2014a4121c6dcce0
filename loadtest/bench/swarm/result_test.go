package swarm

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLatency(t *testing.T) {
	l := NewLatency()
	require.Zero(t, l.Percentile(50), "of nothing")
	for ms := range 100 {
		l.record(time.Duration(ms+1) * time.Millisecond)
	}
	require.EqualValues(t, 100, l.Count())
	require.InEpsilon(t, 50*time.Millisecond, l.Percentile(50), 0.001)
	require.InEpsilon(t, 99*time.Millisecond, l.Percentile(99), 0.001)

	more := NewLatency()
	for range 300 {
		more.record(time.Second)
	}
	l.Merge(more)
	require.EqualValues(t, 400, l.Count())
	require.InEpsilon(t, time.Second, l.Percentile(50), 0.001)
}

func TestLatencyKeepsWhatIsOutOfBounds(t *testing.T) {
	l := NewLatency()
	l.record(-time.Second)
	l.record(0)
	require.Equal(t, time.Microsecond, l.Percentile(100))
	l.record(time.Hour)
	require.EqualValues(t, 3, l.Count())
	require.InEpsilon(t, time.Minute, l.Percentile(100), 0.02)
}

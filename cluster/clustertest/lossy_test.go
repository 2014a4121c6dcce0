package clustertest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/cluster"
	"parley/cluster/clustertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A bus that loses nothing is a bus like any other.
func TestLossyKeepsTheContractWhileItLosesNothing(t *testing.T) {
	clustertest.Run(t, func(t *testing.T) (a, b cluster.Bus) {
		m := cluster.NewMemory()
		a, b = clustertest.NewLossy(m.Bus(), 1, 0), clustertest.NewLossy(m.Bus(), 2, 0)
		t.Cleanup(func() {
			require.NoError(t, a.Close())
			require.NoError(t, b.Close())
		})
		return a, b
	})
}

func TestLossyLosesItsShareAndCountsIt(t *testing.T) {
	lose := func(seed uint64) (got []int, lost int) {
		bus := clustertest.NewLossy(cluster.NewMemory().Bus(), seed, 0.05)
		defer func() { require.NoError(t, bus.Close()) }()
		next := 0
		_, err := bus.Subscribe(t.Context(), "room", func([]byte) { got = append(got, next) })
		require.NoError(t, err)
		for ; next < 10_000; next++ {
			require.NoError(t, bus.Publish(t.Context(), "room", nil))
		}
		bus.SetShare(0)
		require.NoError(t, bus.Publish(t.Context(), "room", nil))
		require.Equal(t, 10_000, got[len(got)-1], "it may be healed")
		return got, bus.Lost()
	}
	got, lost := lose(7)
	require.Equal(t, 10_001, len(got)+lost)
	require.InDelta(t, 500, lost, 150)
	again, _ := lose(7)
	require.Equal(t, got, again, "the seed decides")
}

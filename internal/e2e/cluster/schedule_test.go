package cluster

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func allKinds() []Kind {
	return []Kind{NodeKilled, NodePaused, NodesRestarted, MasterKilled, MasterMoved, RedisDown, DatabaseKilled, DatabaseStopped}
}

func TestSchedulesFollowFromTheSeed(t *testing.T) {
	deal := func(seed uint64) (all []Strike) {
		for d := NewDeck(seed, 25*time.Second, allKinds()); len(all) < 100; {
			all = append(all, d.Deal())
		}
		return all
	}
	first := deal(7)
	require.Equal(t, first, deal(7))
	require.NotEqual(t, first, deal(8))
}

func TestEveryKindComesInEveryRound(t *testing.T) {
	d := NewDeck(1, 25*time.Second, allKinds())
	for range 100 {
		var first []Kind
		for range allKinds() {
			first = append(first, d.Deal().Kinds[0])
		}
		require.ElementsMatch(t, allKinds(), first)
	}
}

// What a session lives of is a node and Redis; never both go.
func TestNoTwoFaultsLoseDataByDesign(t *testing.T) {
	node, memory := []Kind{NodeKilled, NodePaused, NodesRestarted}, []Kind{MasterKilled, RedisDown}
	d, pairs := NewDeck(1, 25*time.Second, allKinds()), 0
	for range 2000 {
		s := d.Deal()
		count := func(kinds []Kind) (n int) {
			for _, k := range s.Kinds {
				if slices.Contains(kinds, k) {
					n++
				}
			}
			return n
		}
		require.LessOrEqual(t, count(node)+count(memory), 1, "%s", s)
		require.LessOrEqual(t, s.Lasts, 25*time.Second)
		if len(s.Kinds) == 2 {
			pairs++
		}
	}
	require.Positive(t, pairs)
}

func TestReportCounts(t *testing.T) {
	trial := right()
	trial.then(0, 2*time.Second, Posted{in(), "a1"}, Lost{})
	trial.then(0, 9*time.Second, Welcomed{Resumed: true}, Stored{in(), "a1", trial.Lines[0].Events[5].Fact.(Stored).Ref})
	r := NewReport(7, trial, []Struck{{Strike{Kinds: []Kind{NodeKilled}}, Span{time.Second, 5 * time.Second}}})
	require.Equal(t, 3, r.Counts["messages acknowledged"])
	require.Equal(t, 1, r.Counts["sessions resumed"])
	require.Equal(t, 4100*time.Millisecond, r.Healed[0].Round(time.Millisecond))
	require.Equal(t, 7100*time.Millisecond, r.Slowest.Round(time.Millisecond))
	require.Contains(t, r.String(), "seed 7")
	require.Contains(t, r.String(), "node killed")
}

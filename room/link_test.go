package room

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/edge"
)

// twoShards starts a hub without a listener and returns what is its on two
// shards.
func twoShards(t testing.TB) (a, b *shard) {
	t.Helper()
	h := NewHub(Config{}, cluster.NewMemory().Bus())
	e, err := edge.New(edge.Config{Shards: 2}, nil)
	require.NoError(t, err)
	h.Start(e.Shards())
	t.Cleanup(func() {
		h.Stop()
		require.NoError(t, e.Stop(t.Context()))
	})
	return h.shards[0], h.shards[1]
}

// run runs fn on a shard, to the end of its turn.
func (sh *shard) run(fn func()) {
	sh.edge.Post(fn)
	done := make(chan struct{})
	sh.edge.Post(func() { sh.edge.Post(func() { close(done) }) })
	<-done
}

func TestALinkPostsOnceATurn(t *testing.T) {
	a, b := twoShards(t)
	held, standing := make(chan struct{}), make(chan struct{})
	b.edge.Post(func() { close(standing); <-held })
	<-standing
	var got []int
	put := func(from, to int) func() {
		return func() {
			for i := from; i < to; i++ {
				a.link(b).post(1, func() { got = append(got, i) })
			}
		}
	}
	a.run(put(0, 100))
	require.Equal(t, 1, b.edge.Depth())
	a.run(put(100, 200))
	require.Equal(t, 2, b.edge.Depth())
	under := func() (bytes int) {
		a.run(func() { bytes = a.link(b).put - int(a.link(b).done.Load()) })
		return bytes
	}
	require.Equal(t, 200, under())
	close(held)
	b.run(func() {})
	require.Zero(t, under())
	require.Len(t, got, 200)
	for i, n := range got {
		require.Equal(t, i, n, "in the order in which it was put")
	}
}

// A long batch's memory is not kept.
func TestALinkKeepsOneSpareBatch(t *testing.T) {
	a, b := twoShards(t)
	put := func(n int) {
		a.run(func() {
			for range n {
				a.link(b).post(1, func() {})
			}
		})
		b.run(func() {})
	}
	put(3)
	spare := a.links[b].spare.Load()
	require.NotNil(t, spare)
	put(3)
	require.Same(t, spare, a.links[b].spare.Load())
	put(spareBatch + 1)
	require.Nil(t, a.links[b].spare.Load())
}

// What is put on a link to a shard that has stopped goes nowhere, without harm.
func TestALinkToAStoppedShard(t *testing.T) {
	a, b := twoShards(t)
	l := &link{from: a, to: b}
	other, err := edge.New(edge.Config{Shards: 1}, nil)
	require.NoError(t, err)
	require.NoError(t, other.Stop(t.Context()))
	l.to = &shard{edge: other.Shards()[0]}
	l.flushing = l.flush
	a.run(func() { l.post(1, func() { t.Error("ran") }) })
	a.run(func() { l.post(1, func() { t.Error("ran") }) })
}

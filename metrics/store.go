package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Store measures the database's group commit.
type Store struct {
	// Static after construction.
	batch  prometheus.Observer
	commit prometheus.Observer
	queue  *depths
}

func newStore(reg prometheus.Registerer) *Store {
	f := promauto.With(reg)
	return &Store{
		batch: f.NewHistogram(histogram("parley_store_batch_size",
			"Writes that shared one transaction.",
			prometheus.ExponentialBuckets(1, 2, 11))),
		commit: f.NewHistogram(histogram("parley_store_commit_seconds",
			"Time that a transaction of writes took, its commit to disk included.",
			[]float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5})),
		queue: newDepths(reg, "parley_store_queue_depth", "Writes that wait for a transaction."),
	}
}

// Committed records a transaction of batch writes that took so long.
func (s *Store) Committed(batch int, took time.Duration) {
	s.batch.Observe(float64(batch))
	observe(s.commit, took)
}

// Queue makes depth the gauge of waiting writes, in place of an earlier one. It
// is called at every scrape, on any goroutine, and must not block.
func (s *Store) Queue(depth func() int) { s.queue.set("", depth) }

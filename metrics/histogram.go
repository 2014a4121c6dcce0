package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// histogram describes a histogram that is exposed twice: with the given classic
// buckets to any scraper, and as a native histogram to those that ask for it.
func histogram(name, help string, buckets []float64) prometheus.HistogramOpts {
	return prometheus.HistogramOpts{
		Name:    name,
		Help:    help,
		Buckets: buckets,
		// A bucket is at most 10% wider than the one before it.
		NativeHistogramBucketFactor: 1.1,
		// What clients report may be anything, so the buckets are bounded.
		NativeHistogramMaxBucketNumber:  160,
		NativeHistogramMinResetDuration: time.Hour,
	}
}

// observe records d in seconds; a clock that went back counts as zero.
func observe(h prometheus.Observer, d time.Duration) {
	h.Observe(max(d, 0).Seconds())
}

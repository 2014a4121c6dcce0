package swarm

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Latency collects times, in microseconds, with three digits.
type Latency struct{ h *hdrhistogram.Histogram }

// NewLatency makes an empty collection of times up to a minute; what takes
// longer counts as one.
func NewLatency() Latency {
	return Latency{hdrhistogram.New(1, time.Minute.Microseconds(), 3)}
}

func (l Latency) record(d time.Duration) {
	us := min(max(d.Microseconds(), 1), l.h.HighestTrackableValue())
	_ = l.h.RecordValue(us) // within its bounds
}

// Merge adds the times of another collection.
func (l Latency) Merge(other Latency) { l.h.Merge(other.h) }

// Percentile is the time that p percent do not exceed; 0 of an empty collection.
func (l Latency) Percentile(p float64) time.Duration {
	return time.Duration(l.h.ValueAtPercentile(p)) * time.Microsecond
}

// Count is how many times were collected.
func (l Latency) Count() int64 { return l.h.TotalCount() }

// Result is what a load came to.
type Result struct {
	Elapsed  time.Duration
	Done     int64   // frames of which all that must come has come
	Answer   Latency // from sending to the sender's ack
	Delivery Latency // from sending to each receiver
}

func newResult() Result { return Result{Answer: NewLatency(), Delivery: NewLatency()} }

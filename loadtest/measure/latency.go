package measure

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The range of latencies, in microseconds, and the digits that are kept of each:
// what lies outside counts as the nearest that does not.
const (
	shortest = int64(1)
	longest  = int64(time.Hour / time.Microsecond)
	digits   = 3
)

// Latency is a distribution of durations, of which three digits are kept
// (HdrHistogram). It is not for concurrent use.
type Latency struct {
	h *hdrhistogram.Histogram
}

// NewLatency makes an empty distribution.
func NewLatency() Latency { return Latency{hdrhistogram.New(shortest, longest, digits)} }

// Record adds a duration.
func (l Latency) Record(d time.Duration) {
	us := min(max(int64(d/time.Microsecond), shortest), longest)
	_ = l.h.RecordValue(us) // fails only outside of the range
}

// Merge adds another distribution.
func (l Latency) Merge(other Latency) {
	if other.h != nil {
		l.h.Merge(other.h)
	}
}

// Count is how many durations there are.
func (l Latency) Count() int64 {
	if l.h == nil {
		return 0
	}
	return l.h.TotalCount()
}

// Quantile is what a share q of the durations, from 0 to 1, did not exceed; 0 if
// there are none.
func (l Latency) Quantile(q float64) Seconds {
	if l.Count() == 0 {
		return 0
	}
	return seconds(float64(l.h.ValueAtQuantile(q * 100)))
}

// Max is the longest duration, Mean the average one; 0 if there are none.
func (l Latency) Max() Seconds { return l.Quantile(1) }

// Mean is the average duration; 0 if there are none.
func (l Latency) Mean() Seconds {
	if l.Count() == 0 {
		return 0
	}
	return seconds(math.Round(l.h.Mean()))
}

func (l Latency) reset() { l.h.Reset() }

// Seconds is a duration as reports write it.
type Seconds float64

// Duration is the same as a time.Duration.
func (s Seconds) Duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }

func seconds(us float64) Seconds { return Seconds(us / 1e6) }

// latencyJSON is a distribution in a report: its figures for readers, and all of
// it for tools.
type latencyJSON struct {
	Count int64   `json:"count"`
	Mean  Seconds `json:"mean"`
	P50   Seconds `json:"p50"`
	P95   Seconds `json:"p95"`
	P99   Seconds `json:"p99"`
	Max   Seconds `json:"max"`
	HDR   string  `json:"hdr"` // HdrHistogram V2, compressed, base64; in microseconds
}

// MarshalJSON implements json.Marshaler.
func (l Latency) MarshalJSON() ([]byte, error) {
	if l.h == nil {
		l = NewLatency()
	}
	encoded, err := l.h.EncodeV2()
	if err != nil {
		return nil, fmt.Errorf("measure: latency: %w", err)
	}
	return json.Marshal(latencyJSON{
		Count: l.Count(), Mean: l.Mean(), P50: l.Quantile(0.50), P95: l.Quantile(0.95), P99: l.Quantile(0.99), Max: l.Max(),
		HDR: string(encoded),
	})
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *Latency) UnmarshalJSON(b []byte) error {
	var in latencyJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("measure: latency: %w", err)
	}
	h, err := hdrhistogram.Decode([]byte(in.HDR))
	if err != nil {
		return fmt.Errorf("measure: latency: %w", err)
	}
	l.h = NewLatency().h
	l.h.Merge(h) // into the range that all share
	return nil
}

package health

import (
	"fmt"
	"time"

	"parley/loadtest/measure"
)

// Health is how the load test itself fared.
type Health struct {
	Processors      int             `json:"processors"`
	DescriptorLimit int             `json:"descriptor_limit"`
	Lag             measure.Latency `json:"lag"` // how late timers were
	Series          []Sample        `json:"series"`
	Warnings        []string        `json:"warnings"` // why figures may be the client's own
}

// Beyond these the client's own slowness shows in what it measures.
const (
	busy     = 0.85 // of the processors, over a second
	busyFor  = 0.1  // of the run
	late     = 20 * time.Millisecond
	crowded  = 0.95 // of the descriptors
	leastRun = 3    // samples: a shorter run says nothing of the processors
)

func (h Health) warnings() []string {
	var found []string
	hot, most := 0, 0
	for _, s := range h.Series {
		if s.CPU > busy {
			hot++
		}
		most = max(most, s.Descriptors)
	}
	if n := len(h.Series); n >= leastRun && float64(hot) >= busyFor*float64(n) {
		found = append(found, fmt.Sprintf(
			"this machine was the bottleneck: its processors were more than %.0f %% busy with the client in %d of %d seconds; use more machines, or a lower rate",
			100*busy, hot, n))
	}
	if p99 := h.Lag.Quantile(0.99).Duration(); p99 > late {
		found = append(found, fmt.Sprintf(
			"the client was late itself: 1 %% of its timers by %v and more; latencies are too long by as much", p99.Round(time.Millisecond)))
	}
	if h.DescriptorLimit > 0 && float64(most) > crowded*float64(h.DescriptorLimit) {
		found = append(found, fmt.Sprintf(
			"%d of %d file descriptors were in use: raise the limit (ulimit -n), or use more processes", most, h.DescriptorLimit))
	}
	return found
}

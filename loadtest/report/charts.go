package report

import (
	"slices"
	"strings"

	"parley/loadtest/measure"
)

// charts are those of the page: what the client saw, then what the nodes and the
// client itself were like, over the same time.
func (r Report) charts() []chart {
	return slices.Concat(
		r.stageCharts(), r.standing(), r.nodeRates(), r.resources(), r.distribution(),
	)
}

// leastInterval is what a rate is worth drawing of: the end of a run comes at any
// moment after the last whole second.
const leastInterval = measure.Seconds(0.25)

// stageCharts are how much of each stage was done and failed, and how long it took.
func (r Report) stageCharts() []chart {
	done, failed, p50, p99 := lines{}, lines{}, lines{}, lines{}
	for _, s := range r.Recorded.Series {
		for name, now := range s.Stages {
			if s.Over < leastInterval {
				continue
			}
			done.put(name, s.At, float64(now.Done)/float64(s.Over))
			if r.Recorded.Stages[name].Failed > 0 {
				failed.put(name, s.At, float64(now.Failed)/float64(s.Over))
			}
			if now.Done > 0 {
				p50.put(name, s.At, milliseconds(now.P50))
				p99.put(name, s.At, milliseconds(now.P99))
			}
		}
	}
	return slices.Concat(
		timed("Done", "1/s", done), timed("Failed", "1/s", failed),
		timed("Latency, p99", "ms", p99), timed("Latency, p50", "ms", p50),
	)
}

// standing is what stood at each moment: the client's gauges, and the nodes'.
func (r Report) standing() []chart {
	points := lines{}
	for _, s := range r.Recorded.Series {
		for name, v := range s.Gauges {
			points.put("client: "+name, s.At, float64(v))
		}
	}
	for _, s := range r.Server {
		for _, name := range []string{"parley_connections", "parley_sessions", "parley_call_peers", "parley_rooms"} {
			if v, ok := s.Metrics[name]; ok {
				points.put("nodes: "+strings.TrimPrefix(name, "parley_"), s.At, v)
			}
		}
	}
	return timed("What is there", "", points)
}

// nodeRates are those of the nodes' counters that moved.
func (r Report) nodeRates() []chart {
	points := lines{}
	for i, s := range r.Server {
		if i == 0 || s.At-r.Server[i-1].At < leastInterval {
			continue
		}
		before := r.Server[i-1]
		for name, v := range s.Metrics {
			short, counter := strings.CutSuffix(strings.TrimPrefix(name, "parley_"), "_total")
			if !counter || strings.HasSuffix(short, "_bytes") || !r.moved(name) {
				continue
			}
			points.put(short, s.At, (v-before.Metrics[name])/float64(s.At-before.At))
		}
	}
	delete(points, "process_cpu_seconds")
	return timed("What the nodes did", "1/s", points)
}

// moved reports whether a counter of the nodes' counted anything during the run.
func (r Report) moved(name string) bool {
	return r.Server[len(r.Server)-1].Metrics[name] != r.Server[0].Metrics[name]
}

// resources are what the nodes and the client used.
func (r Report) resources() []chart {
	cpu, memory, lag := lines{}, lines{}, lines{}
	for i, s := range r.Server {
		if i > 0 && s.At-r.Server[i-1].At >= leastInterval {
			before := r.Server[i-1]
			spent := s.Metrics["process_cpu_seconds_total"] - before.Metrics["process_cpu_seconds_total"]
			cpu.put("nodes", s.At, spent/float64(s.At-before.At))
		}
		memory.put("nodes: resident", s.At, s.Metrics["process_resident_memory_bytes"]/(1<<20))
		memory.put("nodes: Go heap", s.At, s.Metrics["go_memstats_heap_inuse_bytes"]/(1<<20))
	}
	for _, s := range r.Client.Series {
		cpu.put("client", s.At, s.CPU*float64(r.Client.Processors))
		memory.put("client", s.At, float64(s.Memory)/(1<<20))
		lag.put("client", s.At, milliseconds(s.Lag))
	}
	return slices.Concat(
		timed("Processors in use", "", cpu), timed("Memory", "MiB", memory), timed("How late the client itself was", "ms", lag),
	)
}

// distribution is the latency of each stage by percentile, of the whole run.
func (r Report) distribution() []chart {
	points := lines{}
	for name, s := range r.Recorded.Stages {
		if s.Done() == 0 {
			continue
		}
		for permille := range 1001 {
			if permille%10 == 0 || permille > 990 {
				points.put(name, measure.Seconds(permille)/10, milliseconds(s.Latency.Quantile(float64(permille)/1000)))
			}
		}
	}
	return draw("Latency by percentile", points, false, percentileAxis(), logarithmic())
}

func milliseconds(s measure.Seconds) float64 { return float64(s) * 1000 }

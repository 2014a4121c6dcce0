package exporter

import (
	"github.com/prometheus/client_golang/prometheus"

	"parley/loadtest/measure"
)

// collector makes metrics of a snapshot.
type collector struct {
	source   func() measure.Snapshot
	latency  *prometheus.Desc
	failures *prometheus.Desc
	counters *prometheus.Desc
	gauges   *prometheus.Desc
	faults   *prometheus.Desc
}

func newCollector(source func() measure.Snapshot) *collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("parley_load_"+name, help, labels, nil)
	}
	return &collector{
		source:   source,
		latency:  desc("stage_seconds", "How long a stage took where it succeeded, from when it should have begun.", "stage"),
		failures: desc("failures_total", "Failures of a stage, by cause.", "stage", "cause"),
		counters: desc("counted_total", "What the load counts besides.", "name"),
		gauges:   desc("standing", "What there is now, such as sockets and calls.", "name"),
		faults:   desc("faults_total", "What a correct server never does, by kind.", "kind"),
	}
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.latency, c.failures, c.counters, c.gauges, c.faults} {
		to <- d
	}
}

// Collect implements prometheus.Collector. The labels are few: stages and causes are
// bounded by the recorder.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	now := c.source()
	for name, s := range now.Stages {
		l := s.Latency
		quantiles := map[float64]float64{}
		for _, q := range []float64{0.50, 0.95, 0.99, 1} {
			quantiles[q] = float64(l.Quantile(q))
		}
		sum := float64(l.Mean()) * float64(l.Count())
		to <- prometheus.MustNewConstSummary(c.latency, uint64(l.Count()), sum, quantiles, name)
		for cause, seen := range s.Causes {
			to <- prometheus.MustNewConstMetric(c.failures, prometheus.CounterValue, float64(seen.Count), name, cause)
		}
	}
	for name, n := range now.Counters {
		to <- prometheus.MustNewConstMetric(c.counters, prometheus.CounterValue, float64(n), name)
	}
	for name, n := range now.Gauges {
		to <- prometheus.MustNewConstMetric(c.gauges, prometheus.GaugeValue, float64(n), name)
	}
	for _, kind := range measure.FaultKinds() {
		to <- prometheus.MustNewConstMetric(c.faults, prometheus.CounterValue, float64(now.Faults[kind].Count), string(kind))
	}
}

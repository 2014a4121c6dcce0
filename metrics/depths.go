package metrics

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// depths is a gauge that is read when it is scraped, by a function per series.
// Unlike prometheus.GaugeFunc it lets a restarted part replace its function.
type depths struct {
	// Static after construction.
	desc *prometheus.Desc

	// Guarded by mu.
	mu     sync.Mutex
	series map[string]depth
}

type depth struct {
	labels []string
	read   func() int
}

func newDepths(reg prometheus.Registerer, name, help string, labels ...string) *depths {
	d := &depths{
		desc:   prometheus.NewDesc(name, help, labels, nil),
		series: make(map[string]depth),
	}
	reg.MustRegister(d)
	return d
}

// set makes read the source of the series that key names.
func (d *depths) set(key string, read func() int, labels ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.series[key] = depth{labels: labels, read: read}
}

// Describe implements prometheus.Collector.
func (d *depths) Describe(ch chan<- *prometheus.Desc) { ch <- d.desc }

// Collect implements prometheus.Collector.
func (d *depths) Collect(ch chan<- prometheus.Metric) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.series {
		ch <- prometheus.MustNewConstMetric(d.desc, prometheus.GaugeValue, float64(s.read()), s.labels...)
	}
}

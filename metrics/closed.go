package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// other is the label value of whatever is not in a closed set.
const other = "other"

// closed holds the children of a vector whose label takes values of a closed
// set. They are made once, so that every series is exported from the start at
// zero (a rate sees the first event) and a look-up does not allocate.
type closed[K comparable, M any] struct {
	// Static after construction.
	known map[K]M
	rest  M
}

func newClosed[K comparable, M any](values []K, label func(K) string, child func(label string) M) closed[K, M] {
	c := closed[K, M]{known: make(map[K]M, len(values)), rest: child(other)}
	for _, v := range values {
		c.known[v] = child(label(v))
	}
	return c
}

// of returns v's child, or that of "other".
func (c closed[K, M]) of(v K) M {
	if m, ok := c.known[v]; ok {
		return m
	}
	return c.rest
}

// counters is a counter per value of a closed set of strings.
type counters = closed[string, prometheus.Counter]

func newCounters(f promauto.Factory, name, help, label string, values []string) counters {
	vec := f.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	return newClosed(values, itself, func(v string) prometheus.Counter { return vec.WithLabelValues(v) })
}

func itself(s string) string { return s }

// names turns one of protocol's closed lists into label values.
func names[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// oneOf returns v if it is in set, and "other" if it is not.
func oneOf(v string, set ...string) string {
	for _, s := range set {
		if v == s {
			return v
		}
	}
	return other
}

func newCounter(f promauto.Factory, name, help string) prometheus.Counter {
	return f.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

func newGauge(f promauto.Factory, name, help string) prometheus.Gauge {
	return f.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

// add counts n events; a counter never goes back, so a negative n counts none.
func add(c prometheus.Counter, n int) {
	if n > 0 {
		c.Add(float64(n))
	}
}

package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Gate counts what WebSocket handshakes depend on.
type Gate struct {
	// Static after construction.
	lookups closed[lookup, prometheus.Counter]
}

// lookup is a pair of labels.
type lookup struct{ fact, source string }

func newGate(f promauto.Factory) *Gate {
	vec := f.NewCounterVec(prometheus.CounterOpts{
		Name: "parley_handshake_lookups_total",
		Help: "Facts that WebSocket handshakes depended on, by fact and by where it was found: in memory, or only in the store.",
	}, []string{"fact", "source"})
	g := &Gate{lookups: closed[lookup, prometheus.Counter]{
		known: make(map[lookup]prometheus.Counter),
		rest:  vec.WithLabelValues(other, other),
	}}
	for _, fact := range []string{"login", "participant"} {
		for _, source := range []string{"memory", "store"} {
			g.lookups.known[lookup{fact, source}] = vec.WithLabelValues(fact, source)
		}
	}
	return g
}

// Lookup counts a fact (login or participant) by its source (memory or store).
func (g *Gate) Lookup(fact, source string) { g.lookups.of(lookup{fact, source}).Inc() }

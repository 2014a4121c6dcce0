// Package metrics is what an operator sees of a node: its Prometheus metrics,
// its health, and the admin listener that serves both.
//
// Purpose: let every other package report what it does through a small
// interface of its own, without knowing Prometheus.
//
// Owns: the names, help texts, labels and buckets of all metrics; the registry;
// the admin endpoints; the Grafana dashboard (metrics/dashboards) and the alert
// rules (metrics/rules) written against those names.
//
// Does not: keep anything global, decide whether a dependency is healthy (the
// caller's probes do), or put a user, room or connection into a label. A label
// takes values of a closed set; any other value becomes "other".
//
// Concurrency: every method may be called from any goroutine. Those that report
// an event neither block nor allocate once their series exist; the functions
// given to Edge.Shard and Store.Queue are called on the scrape's goroutine.
package metrics

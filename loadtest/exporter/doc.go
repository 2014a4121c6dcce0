// Package exporter shows a running load test to Prometheus.
//
// Purpose: put what the client sees beside what the nodes say of themselves, on the
// same dashboards.
//
// Owns: the names of the tool's metrics, and the listener.
//
// Does not: keep anything: each scrape reads the recorder.
//
// Concurrency: a Server's methods may be called from any goroutine.
package exporter

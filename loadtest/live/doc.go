// Package live shows a load test while it runs.
//
// Purpose: let whoever runs it see progress, rates, latencies and errors.
//
// Owns: how a sample looks: a bar with a line for each stage on a terminal, a line
// now and then elsewhere.
//
// Does not: measure.
//
// Concurrency: a View's methods are for one goroutine; on a terminal it draws with
// goroutines of its own, until Close.
package live

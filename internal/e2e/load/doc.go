// Package load tests the load test: its loads against whole nodes, and against ones
// that break what they promise.
//
// Purpose: prove that what is right is reported to be right, and what is wrong by its
// name.
//
// Owns: the meddler, which stands between clients and a node and spoils what the node
// sends: the server that breaks its promises.
//
// Does not: contain anything but tests, or reach into a node.
//
// Concurrency: each test has its own node and data folder; loads that wait for the
// same time run at the same time.
package load

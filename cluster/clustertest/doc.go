// Package clustertest proves that a back end keeps the contract of cluster.Bus.
//
// Purpose: one suite that every back end passes, so that what is built on the
// bus need not care which one carries it.
//
// Owns: the suite (Run), and a bus that loses payloads on purpose (Lossy), for
// the tests of what has to live with that. The suite waits for deliveries and does not assume that they
// are made before Publish returns.
//
// Does not: test what a back end does when its medium fails.
//
// Concurrency: Run may be called from several tests at once, if each has a
// medium of its own.
package clustertest

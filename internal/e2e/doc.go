// Package e2e tests whole nodes from outside.
//
// Purpose: prove what users see. Each test starts a node, in this process or as
// the built binary, and talks to it over real sockets with clients that know
// only its address and their passwords.
//
// Owns: the harness that starts nodes for tests.
//
// Does not: contain anything but tests, or reach into a node.
//
// Concurrency: each test has its own node and data folder.
package e2e

// Package nodetest starts whole nodes in a test's own process.
//
// Purpose: let a test say only what is special about its node.
//
// Owns: a node's ports, its folder and its end, which come with the test's.
//
// Does not: start other processes (internal/servers does), or come into anything
// but tests.
//
// Concurrency: the methods of a Node may be called from any goroutine; Start and
// Stop wait for what they say.
package nodetest

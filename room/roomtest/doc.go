// Package roomtest runs the tests of a package once more, with every socket on
// another shard than its room's.
//
// Purpose: a session is to behave the same wherever its socket is. A package
// whose tests place sockets by Place, or by configuration where Apart, calls
// Again in a test of its own:
//
//	func TestApart(t *testing.T) { roomtest.Again(t, "") }
//
// Owns: the choice of shards, and the process in which the tests run again.
//
// Does not: test anything itself.
//
// Concurrency: all may be called from any goroutine.
package roomtest

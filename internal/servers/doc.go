// Package servers starts real servers for tests: private ones, on free ports of
// the loopback interface, with their data in a folder of their own, ended and
// removed with the test.
//
// Purpose: prove what talks to Redis and PostgreSQL against the real ones, and
// against real ones that are stopped, killed, paused, restarted and failed over; let
// peers meet by a TURN server.
//
// Owns: the processes and their folders. A server dies with the test's process,
// also where that is killed (on Linux); that of TURN is a part of it.
//
// Does not: install anything (scripts/test-deps.sh does), use a server that
// already runs, or come into anything but tests.
//
// Concurrency: a server's methods may be called from any goroutine, one at a
// time. They wait for what they say, and fail the test where it does not come;
// those are for the test's own goroutine, as testing.T.FailNow is.
package servers

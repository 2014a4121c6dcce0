// Package turnout records who comes, stays, is lost and comes back.
//
// Purpose: every load with a crowd says the same of its sockets, under the same
// names: the stages connect, stay and return, the counters resumes and afresh, the
// gauge sockets.
//
// Owns: how many of a load's sockets are open now.
//
// Does not: open sockets, or know what they are for.
//
// Concurrency: all may be used from any goroutine.
package turnout

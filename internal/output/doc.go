// Package output keeps what is written while tests read it.
//
// Purpose: let a test look at a log, a terminal or a process's output meanwhile.
//
// Owns: a Buffer's text.
//
// Does not: come into anything but tests.
//
// Concurrency: all may be called from any goroutine.
package output

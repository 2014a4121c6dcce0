// Package pause waits, for a time or for others, as long as a run goes on.
//
// Purpose: one way to wait in all loads, which the end of a run ends.
//
// Owns: nothing.
//
// Does not: decide when anything is due.
//
// Concurrency: functions without state; they may be called from any goroutine, and
// wait.
package pause

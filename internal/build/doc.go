// Package build names the program that is running.
//
// Purpose: one answer to what was built, for the version command, the metrics
// and the API's own description.
//
// Owns: the values that the linker stamps.
//
// Does not: decide anything by them.
//
// Concurrency: Read may be called from any goroutine.
package build

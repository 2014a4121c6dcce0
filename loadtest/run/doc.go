// Package run runs one load and makes its report.
//
// Purpose: give every load the same frame: a sample a second of what is recorded, of
// the client and of the nodes, shown while it runs and judged at its end.
//
// Owns: the order of beginning and ending.
//
// Does not: know what a load does.
//
// Concurrency: Do has all of its goroutines ended when it returns.
package run

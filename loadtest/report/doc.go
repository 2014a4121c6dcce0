// Package report is what a load test leaves behind: for people, for tools, and for
// the next run to be compared with.
//
// Purpose: say what was measured, whether it was good enough, and what has become
// worse.
//
//	Report ─▶ JSON      all of it, to keep and to compare
//	       ─▶ text      a table for the terminal
//	       ─▶ HTML      one file with charts, the nodes' own metrics beside the client's
//	Rule   ─▶ Result    a threshold, and what became of it
//	Compare             two reports: what is worse or better beyond noise
//
// Owns: the file format, the language of rules, and what counts as noise.
//
// Does not: measure, or decide which rules there are but for the default ones.
//
// Concurrency: a Report belongs to one goroutine.
package report

// Package scenario reads and runs a day's shape: loads of several kinds at once, whose
// sizes change from phase to phase.
//
// Purpose: let a mix of loads be a file that is read, reviewed and kept.
//
//	file ─▶ Scenario ─▶ layers ─▶ calls, chat, idle, storm ─▶ one recorder, a part of it each
//
// Owns: the file format, its mistakes in words, and how weights become loads: a
// weight that rises adds a layer beside those that run, and one that falls ends the
// latest layers first, so that who is there stays from phase to phase.
//
// Does not: know what a load does, or keep examples (loadtest/scenarios).
//
// Concurrency: a Scenario is plain data; a Load runs once at a time.
package scenario

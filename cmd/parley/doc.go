// Command parley runs a node of Parley, and what an operator needs around it.
//
//	parley serve | migrate | health | config check | config print | version
//
// Purpose: turn flags, environment, files and signals into a node's life, and
// what becomes of it into an exit code: 0 all is well, 1 it failed while
// running, 2 it was asked wrongly (usage or configuration; one line each).
//
// Owns: the command line, the signals (the first to stop does so within
// shutdown.grace, the second at once; SIGHUP reads the certificate again), and
// what is said on the terminal.
//
// Does not: decide anything a node does; package internal/app wires that.
//
// Concurrency: one goroutine runs the command; a node is started and stopped on
// one of its own, so that a signal is heard meanwhile.
package main

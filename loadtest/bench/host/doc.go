// Package host is the machine that a benchmark runs on: its processors, its
// processes and what they spend, and its disk.
//
// Purpose: run the server that is measured as a process of its own on a
// processor of its own, and read what it costs.
//
// Owns: which processors server and client get, the start and end of a child
// process, CPU time and resident memory as the kernel counts them.
//
// Does not: know what the processes do.
//
// Concurrency: Process, MachineCPU and SyncTime may be used from any goroutine.
// Placing and starting belong to one that is locked to its thread, since a child
// inherits the thread's processors and ends with the thread. Linux only.
package host

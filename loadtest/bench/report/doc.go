// Package report is what a benchmark came to: figures of one or more subjects
// over several runs, their medians, and how they stand to what was to be reached.
//
// Purpose: a table for a person and JSON for a program, from the same figures.
//
// Owns: figures, targets, medians and spreads, and the two forms of the table:
// against a target, and against another version of the same server.
//
// Does not: measure, or know what a figure means beyond its unit and its target.
//
// Concurrency: a Report belongs to one goroutine.
package report

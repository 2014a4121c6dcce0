// Package value is how the values of the contract become those of a database,
// alike in every back end.
//
// Purpose: one form for each kind of value, so that data means the same whatever
// holds it.
//
// Owns: the folding of names, times as Unix milliseconds, the bounds of pages.
//
// Does not: know SQL.
//
// Concurrency: pure functions.
package value

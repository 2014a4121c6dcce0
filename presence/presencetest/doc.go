// Package presencetest proves that a back end keeps the contract of
// presence.Registry.
//
// Purpose: one suite that every back end passes, so that what is built on
// presence need not care where it is kept.
//
// Owns: the suite (Run) and what it needs of a back end (Space).
//
// Does not: test what a back end does when its space cannot be reached.
//
// Concurrency: Run may be called from several tests at once, if each has
// spaces of its own.
package presencetest

// Package ledgertest proves that a back end keeps the contract of
// ledger.Ledger.
//
// Purpose: one suite that every back end passes, so that what is built on a
// ledger need not care where it is kept.
//
// Owns: the suite (Run) and what it needs of a back end (Space).
//
// Does not: test what a back end does when its database cannot be reached.
//
// Concurrency: Run may be called from several tests at once, if each has
// spaces of its own.
package ledgertest

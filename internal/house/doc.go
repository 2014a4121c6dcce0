// Package house holds the rules of the house as tests: which package may import
// which, how large a file or function may grow, what a package must say of
// itself.
//
// Purpose: let a change that breaks the architecture fail at once, with words
// that tell what to do instead.
//
// Owns: the table of floors and one rule for each habit; each rule is also run
// over a small tree that breaks it, so that we know it can fail.
//
// Does not: contain code for any other package; style that a linter knows
// belongs in .golangci.yml.
//
// Concurrency: nothing here runs but tests.
package house

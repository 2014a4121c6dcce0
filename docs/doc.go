// Package docs holds the documentation, and the tests that hold it against the
// code.
//
// Purpose: let a document that says something untrue fail at once: every route,
// frame, code, key, metric and alert is documented and every documented one
// exists, examples are what a node really answers, links lead somewhere.
//
// Owns: the Markdown beside this file, and the README's tour as a test.
//
// Does not: contain code for any other package, or judge style.
//
// Concurrency: nothing here runs but tests.
package docs

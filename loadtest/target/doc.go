// Package target is the deployment that a load test runs against.
//
// Purpose: let every load start from the same things: where the nodes are, users
// who may use them, rooms for them, and what the nodes say of themselves.
//
// Owns: the check that a deployment on another machine was meant, the users (who
// sign up, or are named by a file of tokens), the reading of the nodes' metrics,
// and the short names of what goes wrong (Cause).
//
// Does not: know what a load does with them.
//
// Concurrency: a Target may be used from any goroutine.
package target

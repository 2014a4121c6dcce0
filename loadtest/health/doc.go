// Package health watches the load test itself.
//
// Purpose: say when the client was the bottleneck, since then the figures are its
// own and not the server's.
//
// Owns: a sample a second of what this process uses and how late it runs, and the
// warnings that follow from them.
//
// Does not: hold a load back.
//
// Concurrency: a Watch's methods are for one goroutine.
package health

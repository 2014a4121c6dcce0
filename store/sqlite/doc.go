// Package sqlite keeps Parley's data in one SQLite file: the back end of
// package store that needs no service beside the server.
//
//	Post…, Create… ──▶ queue ──▶ writer ──▶ BEGIN … what is queued … COMMIT ──▶ done, done, done
//	…ByID, …Of     ──▶ pool of read-only connections
//
// Purpose: store durably at the price of one fsync per batch instead of one
// per message, so that the busier the server is, the less a message costs.
//
// Owns: the schema and its migrations, the queue of writes, the writer's
// connection and what it remembers of authors, the pool of readers.
//
// Does not: decide who may do what, validate what users write, or let a second
// connection write.
//
// Concurrency: a Store may be used from any goroutine. All writes go through
// one goroutine: those of a room in the order in which they were queued, the
// rooms in turn. A batch takes what is there and waits for nobody. Reads run
// beside it on a snapshot (WAL) and see every write that was called back before
// they began.
package sqlite

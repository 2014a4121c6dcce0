// Package postgres keeps Parley's data in PostgreSQL: the back end of package
// store that several nodes share.
//
//	Post…, …Participant, …  ──▶ queue ──▶ writer ─┐ one round trip: lock rooms,
//	(by room, several)      ──▶ queue ──▶ writer ─┤ what is queued, commit ──▶ done, done
//	…ByID, …Of, Create…     ──▶ pool of connections
//
// Purpose: store durably at the price of one round trip and one commit per group
// of writes, with numbers that have no gaps whichever nodes write in a room.
//
// Owns: the schema and its migrations, the queues of writes and the connections
// of their writers, the pool for all else, what is left of deleted rooms.
//
// Does not: decide who may do what, validate what users write, remember anything
// that another node may change, or keep a connection that has failed.
//
// Concurrency: a Store may be used from any goroutine, several Stores on one
// database. A room's writes go through one writer of this Store, in the order in
// which they were queued; each transaction locks its rooms before it reads, in
// ascending order, so that those of all nodes take turns. Callbacks come one at a
// time.
package postgres

// Package store is the contract for what must survive a restart: users and
// their tokens, rooms and their participants, messages and read markers, missed
// calls.
//
// Purpose: let the services above keep and find their data without knowing
// which database holds it.
//
// Owns: the stored entities, the contract (Store) and its errors. Back ends
// live below: store/sqlite for a node alone, store/postgres for several;
// store/storetest proves any of them.
//
// Does not: decide who may do what, validate what users write, or broadcast.
//
// Concurrency: a Store may be used from any goroutine. Methods that take a
// context block until the database answered; the Post… methods never block:
// they queue, and call back in commit order.
package store

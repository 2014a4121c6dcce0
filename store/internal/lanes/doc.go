// Package lanes is the queue in front of a database that writes in batches.
//
// Purpose: hand writes over without ever blocking who queues them, those of one
// room in order, the rooms in turn, several at a time.
//
// Owns: the writes that wait, in a lane for each room.
//
// Does not: know what a write is, bound what is outstanding (the connections and
// rate limits above do), or start a goroutine.
//
// Concurrency: a Queue may be filled and asked from any goroutine; one takes.
package lanes

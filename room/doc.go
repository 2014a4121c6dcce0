// Package room keeps this node's sessions and rooms on their shards.
//
// Purpose: give the floors above a place where all that happens in one room
// happens in one order, with no lock. A room lives on the goroutine of the
// shard that its id hashes to, and so do its sessions and its behaviors.
//
//	edge.Conn ── payload ──▶ Session.Receive ── Envelope ──▶ Behavior (chat, call)
//	Behavior ── Frame ──▶ Session.Send, Room.Sessions ──▶ edge.Conn.Send
//	elsewhere ── Hub.In(room, fn) ──▶ fn, on the room's shard
//	LoggedOut, Removed, RoomDeleted ──▶ bus ──▶ every node's Hub ──▶ Endings; its sessions end
//
// Owns: admission of sessions, which of them are in which room, welcome frames,
// holding a session's frames back while it catches up, ending sessions that
// lost their right, and the drain.
//
// Does not: know chat from calls: these register a Behavior for their channel.
//
// Concurrency: Hub's methods may be called from any goroutine. A Room, a
// Session and a Behavior belong to their room's shard: their methods run on its
// goroutine and must not block.
package room

// Package room keeps this node's sessions and rooms on their shards.
//
// Purpose: give the floors above a place where all that happens in one room
// happens in one order, with no lock. A room lives on the goroutine of the
// shard that its id hashes to, and so do its sessions and its behaviors.
//
//	edge.Conn ── payload ──▶ Session.Receive ── Envelope ──▶ Behavior (chat, call)
//	Behavior ── Frame ──▶ Session.Send, Room.Broadcast ──▶ edge.Conn.Send
//	elsewhere ── Hub.In(room, fn) ──▶ fn, on the room's shard
//	LoggedOut, Removed, RoomDeleted ──▶ bus ──▶ every node's Hub ──▶ Endings; its sessions end
//
// The sockets of a room are on its shard too, until there are as many as
// Config.Spill says: further ones are placed on the shards with the fewest. A
// session is then in two places, with an owner each: what it is to the room on the
// room's shard, its socket on the other.
//
//	room's shard                    link: one post a turn      socket's shard
//	Session ── remote ──────────▶ send, close, taken … ──────▶ carrier ── edge.Conn
//	Room.Broadcast ── wing ─────▶ the frame, once ───────────▶ annex ──▶ its carriers
//	Session.Receive ◀── remote ◀─ received, drained, closed ◀─ carrier
//
// A link keeps the order of all that is put on it. Where the shard at its end
// cannot keep up, those who put more on it are not read from until it has.
//
// A session whose client comes back to another node goes on there. That node asks
// the one that the client's token names, which hands the line over and drops it; if
// it does not answer, what it has put by of its suspended lines is taken from the
// vault, by whoever is first.
//
//	Hub.Claim ── claim ──▶ the other node: Mover.Pack, Leave(moved) ── parcel ──▶ arrived ── its socket ──▶ Mover.Unpack
//	suspended line ──▶ deposit ──▶ Vault ── Swap ──▶ arrived …
//
// Owns: admission of sessions and on which shard their sockets are, which of them
// are in which room, welcome frames, holding a session's frames back while it
// catches up, who has a line that has been on several nodes, ending sessions that lost their right, and the drain.
//
// Does not: know chat from calls: these register a Behavior for their channel.
//
// Concurrency: Hub's methods may be called from any goroutine. A Room, a
// Session and a Behavior belong to their room's shard, wherever the sockets are:
// their methods run on its goroutine and must not block.
package room

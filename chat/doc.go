// Package chat is what a room does with messages: validate, store, order,
// broadcast, edit, history, read markers, and who is online to read them.
//
// Purpose: one path for a message, whether it comes by socket or by REST:
//
//	Post ─▶ store (group commit) ─▶ room.Hub.In ─▶ every socket of the room
//	                            └─▶ ack
//
// A message is stored before anybody sees it. The store calls back in the order
// of `seq`, and the room's goroutine delivers in that order.
//
// Owns: the rules for messages; each room's replays (since_seq) and local
// presence.
//
// Does not: touch sockets (room does), or store anything itself.
//
// Concurrency: Service may be used from any goroutine. A roomChat belongs to
// its room's shard.
package chat

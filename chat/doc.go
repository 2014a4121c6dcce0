// Package chat is what a room does with messages: validate, store, order,
// broadcast, edit, history, read markers, and who is online to read them.
//
// Purpose: one path for a message, whether it comes by socket or by REST:
//
//	Post ─▶ store (group commit) ─▶ room.Hub.In ─▶ every socket of the room
//	                            ├─▶ room.Hub.Publish ─▶ the other nodes' sockets
//	                            └─▶ ack
//
// A message is stored before anybody sees it. The store calls back in the order
// of `seq`, and the room's goroutine delivers in that order.
//
// Among several nodes the store is the truth of messages, and the presence registry
// of who is online; letters between the nodes are news of them, which may be lost.
// What a node commits and what it hears meet in roomChat.deliver, which goes strictly
// by seq:
//
//	committed here ─┐           ┌ had ──────────▶ dropped
//	                ├─▶ deliver ┼ next ─────────▶ sent, and what was kept behind it
//	heard ──────────┘           └ further ahead ▶ kept (gap); 20 ms later read from the store
//
// An edit, a deletion or a read marker waits for its message, and of two edits of a
// message the older does not follow the newer; where news crosses the store is asked.
// What is lost with nothing behind it is found by the sweep, which compares the rooms
// that are open here with the store, all together: every few seconds, and at once
// where the bus was interrupted.
//
// The registry is told who comes and goes before the other nodes are. Whom it does not
// name any more is shown for Config.Linger, unless somebody says that they left: a node
// that is stopped in good order says nothing, since its users are on their way to
// another. Of a node that died, the one survivor that reaps its entries says it.
//
// Owns: the rules for messages; each room's replays (since_seq), what it missed, and
// who is in it by way of which node.
//
// Does not: touch sockets (room does), or store anything itself.
//
// Concurrency: Service may be used from any goroutine. A roomChat belongs to
// its room's shard. A Service has a goroutine for the presence feed and, where there
// are other nodes, one each for the sweep and for look-ups in the registry.
package chat

// Package inbox is the user-wide channel: what users are told on their
// multiplexed sockets of all their rooms, subscribed or not.
//
// Purpose: a client learns what awaits its user without a socket for each room.
//
//	chat, signaling ── Changed, CallStarted ──▶ news ──▶ room.Hub ──▶ every node's Service
//	room.Hub ── Arrived, Left, Added, Removed … ───────────────────────▶ │
//	Client.Send ◀── unread, room_added, room_removed, incoming_call ◀────┘ ◀── store
//
// Each node tells its own users. It knows the rooms of those who have such a
// socket on it, read once at the first and dropped with the last; what happens in
// a room that none of them is in costs it a look-up.
//
// Owns: which users are here and what rooms they are in, gathering what changes in
// a room so that nobody hears of it more than once a second, and reading how much
// is unread.
//
// Does not: store anything, decide what counts as unread (the store does), or
// deal with what a socket has subscribed to.
//
// Concurrency: a Service may be used from any goroutine, and nothing but Start and
// Stop blocks. Its state belongs to one goroutine, that of its mailbox, to which
// all others post; the store is read by a few more.
package inbox

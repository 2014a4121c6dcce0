// Package ringing is calling others to a call: invites that ring on the sockets
// of those who are called, answers, and the calls that were missed.
//
//	call_invite ─▶ participants (store) ─▶ ring.Set ─▶ room.Tell: incoming_call
//	call_accept, call_decline, call_cancel ─▶ ring.Set ─▶ room.Tell
//	time over, cancelled, caller gone ─▶ store (missed) ─▶ call_missed, now or
//	                                                       when the user arrives
//
// Purpose: let a user be found, wherever they have a socket, by others of a room.
// To accept is not to join: the client then joins the room's call.
//
// Owns: what is invited on this node (in ringing/ring, a pure state machine), who of
// those connected is to be told of missed calls, and when.
//
// An invite is kept by the node where it was made, which its id names; the others
// know for whom it rings, so that who arrives there hears it, and put what their
// clients answer to that node. It ends with the client that made it, unless that
// one goes on, on another node.
//
// Does not: know calls (signaling does), or survive a restart with what rings: if
// the node stopped in good order, whoever was being called has missed the call.
//
// Concurrency: Service may be used from any goroutine. Its state is guarded by one
// mutex, under which nothing blocks. What may block, the bus and the store, is done
// by one goroutine, in the order in which the state changed: nobody hears that a
// call is over before they hear of the call.
package ringing

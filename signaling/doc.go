// Package signaling is what a room's call does with its sessions: who is in it,
// who may tell whom what, and in which role (RFC 8829, JSEP; W3C WebRTC, perfect
// negotiation).
//
// Purpose: introduce two browsers to each other. Offers, answers and candidates
// pass through byte for byte; media never does.
//
//	Session.Receive ─▶ roomCall ─▶ call.Step (pure) ─▶ actions ─▶ Session.Send
//
// Owns: the binding of the state machine in signaling/call to sessions and
// frames, the relay, the frames that wait for a suspended peer, and call_state
// for both kinds of sockets of the room.
//
// Does not: parse SDP or candidates, or decide the call's rules: call does.
//
// Concurrency: Service may be used from any goroutine. A roomCall belongs to
// its room's shard.
package signaling

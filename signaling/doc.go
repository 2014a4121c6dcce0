// Package signaling is what a room's call does with its sessions: who is in it,
// who may tell whom what, and in which role (RFC 8829, JSEP; W3C WebRTC, perfect
// negotiation).
//
// Purpose: introduce two browsers to each other. Offers, answers and candidates
// pass through byte for byte; media never does.
//
//	Session.Receive ─▶ roomCall ─▶ call.Step (pure) ─▶ actions ─▶ Session.Send
//
// Among several nodes each has its part of a call, and a roster in the ledger is
// what they agree on: what happens is proposed, and has happened once it is stored.
//
//	Session.Receive ─▶ proposal ─▶ call.From(roster).Step ─▶ Ledger.Swap ─▶ call.Follow ─▶ actions
//	                                                            └─▶ Room.Publish ─▶ the other nodes' call.Follow
//	signal ─▶ call.Step ─▶ Hub.Write ─▶ the target's node ─▶ Session.Send, and its answer ─▶ ack
//
// Owns: the binding of the state machine in signaling/call to sessions and
// frames, the relay, the frames that wait for a suspended peer, call_state
// for both kinds of sockets of the room, and the agreement with other nodes: the
// swaps, the merges when it was lost, the sweeps that find what was not heard.
//
// Does not: parse SDP or candidates, or decide the call's rules: call does.
//
// Concurrency: Service may be used from any goroutine. A roomCall belongs to
// its room's shard, which never waits: goroutines of their own ask the ledger, one
// at a time for a room, and post what it says.
package signaling

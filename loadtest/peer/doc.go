// Package peer is a black-box WebRTC peer: a user in a room's call, with one
// connection to each other peer in it (a mesh), as a browser's page would be.
//
// Purpose: let end-to-end and load tests make real calls through a server that
// they know only by its address.
//
//	Join ─▶ join_call ─▶ call_joined, user_joined ─▶ a Link per other peer
//	Link ◀─ offer, answer, ice_candidate ─▶ the server ─▶ the other's Link
//	Link ◀═ data channel and RTP ═▶ the other's Link, not through the server
//
// Owns: perfect negotiation (W3C WebRTC, section 10.7) in the role that the
// server gave, trickle ICE (RFC 8838), ICE restarts (RFC 8445, section 9), a
// synthetic audio and video source, and reports of how connections fare.
//
// Does not: play or decode media; connect anew where only the signaling socket was
// lost and its session is resumed.
//
// Concurrency: a Peer and a Link may be used from any goroutine.
package peer

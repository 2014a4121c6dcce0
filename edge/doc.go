// Package edge is the WebSocket transport (RFC 6455): it accepts sockets, moves
// frames, and knows nothing of what they mean.
//
// Purpose: hold very many sockets cheaply. A shard is one goroutine that owns
// one epoll set and the sockets in it. An idle socket costs a small struct: no
// goroutine, no stack, no buffer.
//
//	listener ── accept ──▶ door of any shard ── head ──▶ Gate.AdmitNow ──▶ Shard.attach ──▶ Admission.Open ⇒ Handler
//	                        ├─ undecided ──▶ goroutine ── Gate.Admit ──▶ Shard.attach
//	                        └─ anything else ──▶ net/http ── ServeHTTP ──▶ Gate.Admit ──▶ Shard.attach
//	kernel ── readable ──▶ Shard ── frames ──▶ Handler.Receive
//	Conn.Send ──▶ outbox ── end of the turn ──▶ one writev
//	other goroutines ── Shard.Post(fn) ──▶ mailbox ──▶ fn, on the shard
//
// A turn is bounded (share.go): what a socket or a group of sockets would take
// beyond its share waits for the next turn. Frames are counted references to one
// buffer (pool.go), and what is not bulk overtakes what is (outbox.go).
//
// Text messages are numbered as they are written. What the peer of a lost socket
// may not have is still known when its handler is told of the end, also what was
// written, where that is kept until the peer acknowledges it (keep.go).
//
// Owns: accepting, the handshake, the event loop, frame parsing and its limits,
// compression (RFC 7692), the bounded outbound queue, what is kept of what left
// it, heartbeats, the closing handshake.
//
// Does not: decode payloads, know users or rooms, or block on anything but the
// kernel's readiness.
//
// Concurrency: Edge, Allowance, Shard.Post, Shard.Depth and Shard.Sockets may be
// used from any goroutine. A Conn and its Handler belong to their shard: every
// method of either runs on the shard's goroutine and must not block.
//
// Under TLS a shard drives crypto/tls itself (socket_tls.go, bio.go): the
// handshake runs on a goroutine of its own and blocks, and what comes after it
// does not. An idle socket keeps its keys, and no buffer (tls_memory.go).
//
// On systems without epoll a socket is served by two goroutines that feed the
// same shard (stream.go); everything above them is the same. The build tag
// noepoll chooses this on Linux too, for its tests.
package edge

// Package calls is the load of calls: pairs or meshes of real WebRTC peers that
// join, connect, exchange data and media for a time, and leave.
//
// Purpose: tell whether people would reach each other through a deployment, how
// long each step would take them, and what fails.
//
//	arrivals ─▶ a free room with its users ─▶ call: join ─▶ connect ─▶ hold ─▶ leave
//	            └──────── signaling only: the same frames, and no media ────────┘
//
// Owns: when calls begin (an open model: the next one does not wait for the last),
// the stages of a call, what is made difficult on purpose (glare, ICE restarts, cut
// sockets, candidates that come late), and recorded descriptions and candidates for
// calls without media.
//
// Does not: judge media. A stage's latency counts from when it should have begun: for
// the first, that is the arrival, a wait for a free room included.
//
// Concurrency: a Load runs once at a time; each call has goroutines of its own, all
// of which have ended when Run returns.
package calls

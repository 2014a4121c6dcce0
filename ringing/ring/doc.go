// Package ring is who is being called by whom: the invites that ring, as a state
// machine without clock or I/O.
//
//	Invite ──▶ rings ──┬── Answer ────────────▶ that user's ring ends
//	  ▲          │     ├── Cancel, Gone ──────▶ all of the invite's end
//	  └─ again ──┘     ├── Leave, DeleteRoom ─▶ those of a user, of a room end
//	                   └── Expire ────────────▶ those whose time is over end
//
// Purpose: keep the rules in one place that can be tested by scripts.
//
// Owns: the invites, their rings and deadlines, and the bounds on them.
//
// Does not: know sockets, tell anybody, or remember what no longer rings.
//
// Concurrency: a Set has one owner at a time; package ringing guards it by a mutex.
package ring

// Package auth knows who somebody is and what they may do.
//
//	password ──▶ Register, Login ──▶ token pt_… ──▶ Authenticate ──▶ Identity
//	                          the same, a moment later ──▶ Recognize ──▶ Login
//	                                   token ──▶ Ticket ──▶ tk_… ──▶ Redeem ──▶ Identity
//	Identity + the room's facts ──▶ May… ──▶ nil, not_found or permission_denied
//	user + the secret of the TURN servers ──▶ TURN ──▶ credentials for some hours
//
// Purpose: turn credentials into an Identity, and an Identity into a yes or no.
//
// Owns: password hashing (argon2id, bounded), tokens and one-time tickets, the
// memory of tokens just seen, the rules for accounts, the policy of who may do
// what, which origins a browser may come from, and TURN credentials.
//
// Does not: speak HTTP, WebSocket or TURN, keep rooms, or close sockets; the
// Revoker is told that a login ended or a profile changed.
//
// Concurrency: a Service may be used from any goroutine. Register and Login
// wait for their turn to hash and then use a CPU for some 20 ms. Where nothing
// may block, only Recognize, Forget…, the pure May… functions, Origins and TURN may
// be called.
package auth

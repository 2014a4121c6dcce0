// Package protocol is Parley's wire contract: the types, names and limits that
// a client may rely on, and the codec between them and bytes.
//
//	client ── {"type":"offer","id":"7","data":{…}} ──▶ Decode ──▶ Envelope
//	client ◀── {"type":"ack","id":"7","data":{…}} ──── Append ◀── a Payload
//	peer   ◀── {"type":"offer","data":{from_…, …}} ─── AppendRelay ◀── Envelope
//
// Purpose: one place that spells every frame, error code, close code and limit.
//
// Owns: the JSON of frames and REST payloads; the closed vocabulary of errors
// and what each means to HTTP and to a socket.
//
// Does not: import anything of Parley's, do I/O, decide who may do what, or
// check that a frame is UTF-8: who takes text messages off a socket has done so.
//
// Concurrency: everything here is a value or a pure function; all of it may be
// used from any goroutine.
package protocol

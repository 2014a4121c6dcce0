package edge

import (
	"bytes"
	"context"
	"net/http"
	"net/netip"
)

// Request is what a client's opening handshake says (RFC 6455, section 4.1).
type Request struct {
	Scheme        string // http or https
	Host          string
	Path          string
	RawQuery      string
	Origin        string // empty: no Origin header, so not a browser
	Authorization string
	Cookie        string
	Protocols     []string // Sec-WebSocket-Protocol, in the client's order
	Remote        netip.Addr

	deflate string // what the answer says if compression is admitted; "": was not offered
}

// Admission is a gate's answer to a Request.
type Admission struct {
	// Refuse, where set, answers with HTTP instead of a WebSocket, on a goroutine
	// of net/http's.
	Refuse http.Handler
	// Result names the outcome for Meter.Handshake.
	Result string
	// Protocol is the subprotocol to select; empty for none.
	Protocol string
	// Deflate accepts permessage-deflate (RFC 7692) if the client offers it.
	Deflate bool
	// Close, with a code set, accepts the socket and closes it at once.
	Close Closure
	// Shard and Open are for a socket that is let in: Open runs on the shard's
	// goroutine and returns the socket's handler.
	Shard *Shard
	Open  func(*Conn) Handler
}

// Gate decides who may open a socket. A handshake is sound before a gate hears
// of it. A gate that refuses with HTTP is asked again by the goroutine that
// answers, so it must not do that once it has spent a credential.
type Gate interface {
	// AdmitNow decides if it can without waiting; else ok is false, and Admit
	// follows. It runs on shards, concurrently, and must not block.
	AdmitNow(r *Request) (a Admission, ok bool)
	// Admit may block until ctx ends, and may be called concurrently.
	Admit(ctx context.Context, r *Request) Admission
}

// enter begins a handshake unless the edge is draining. It never blocks. Where
// it is true, e.admitting.RUnlock must follow, on any goroutine. The second look
// is for a Drain that came in between.
func (e *Edge) enter() bool {
	if e.draining.Load() || !e.admitting.TryRLock() {
		return false
	}
	if e.draining.Load() {
		e.admitting.RUnlock()
		return false
	}
	return true
}

// newcomer is a socket on its way to the shard that will own it.
type newcomer struct {
	via       carrier
	request   *Request
	admission Admission
	answer    []byte // 101, the first that the socket sends
	early     []byte // what the client sent right behind its handshake
}

// carrier is a connection that no socket owns yet.
type carrier interface {
	// transport makes the connection c's own. If it fails the connection is
	// closed.
	transport(c *Conn) (transport, error)
	close()
}

// settleIn sends a socket to its shard, which the caller may be on: then it is
// there on return, and may have used n.early as a buffer.
func (e *Edge) settleIn(n newcomer, on *Shard) {
	n.answer = complete(n.answer, n.request, &n.admission)
	counted, ok := e.addresses.acquire(n.request.Remote)
	if !ok {
		n.admission = Admission{
			Result: "limit",
			Close:  Closure{Code: codeRateLimited, Reason: "too many sockets from this address"},
		}
	}
	shard := n.admission.Shard
	switch {
	case shard == nil && on != nil:
		shard = on
	case shard == nil:
		shard = e.shards[0]
	}
	if shard == on {
		shard.attach(n, counted)
	} else if !shard.send(n, counted) {
		n.via.close()
		e.addresses.release(counted)
		n.admission.Result = "error"
	}
	e.cfg.Meter.Handshake(n.admission.Result)
}

// send is attach from another goroutine.
func (s *Shard) send(n newcomer, counted *addressCount) bool {
	n.early = bytes.Clone(n.early)
	return s.Post(func() { s.attach(n, counted) })
}

package edge

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gobwas/ws"
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
}

// Admission is a gate's answer to a Request.
type Admission struct {
	// Refuse, where set, answers with HTTP instead of a WebSocket.
	Refuse http.Handler
	// Result names the outcome for Meter.Handshake.
	Result string
	// Protocol is the subprotocol to select; empty for none.
	Protocol string
	// Close, with a code set, accepts the socket and closes it at once.
	Close Closure
	// Shard and Open are for a socket that is let in: Open runs on the shard's
	// goroutine and returns the socket's handler.
	Shard *Shard
	Open  func(*Conn) Handler
}

// Gate decides who may open a socket. Its methods may be called concurrently.
type Gate interface {
	// AdmitNow decides from what is known already. It neither blocks nor waits
	// for anything, and does nothing where ok is false: then Admit is to be asked.
	AdmitNow(r *Request) (a Admission, ok bool)
	// Admit may block until ctx ends.
	Admit(ctx context.Context, r *Request) Admission
}

// ServeHTTP answers an opening handshake. The socket then belongs to a shard;
// the goroutine is not kept.
func (e *Edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.enter() {
		e.cfg.Meter.Handshake("draining")
		w.Header().Set("Retry-After", "1")
		http.Error(w, "shutting down", http.StatusServiceUnavailable)
		return
	}
	defer e.admitting.RUnlock()
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		e.cfg.Meter.Handshake("bad_request")
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
		http.Error(w, "this is a WebSocket route", http.StatusUpgradeRequired)
		return
	}
	req := requestOf(r)
	ctx, cancel := context.WithTimeout(r.Context(), e.cfg.HandshakeTimeout)
	defer cancel()
	a, ok := e.gate.AdmitNow(req)
	if !ok {
		a = e.gate.Admit(ctx, req)
	}
	if a.Refuse != nil {
		e.cfg.Meter.Handshake(a.Result)
		a.Refuse.ServeHTTP(w, r)
		return
	}
	counted, ok := e.addresses.acquire(req.Remote)
	if !ok {
		a = Admission{
			Result: "limit", Protocol: a.Protocol,
			Close: Closure{Code: codeRateLimited, Reason: "too many sockets from this address"},
		}
	}
	if err := e.upgrade(w, r, counted, a); err != nil {
		e.addresses.release(counted)
		e.cfg.Meter.Handshake(resultOf(err))
		return
	}
	e.cfg.Meter.Handshake(a.Result)
}

// upgrade answers 101 and hands the socket to a shard.
func (e *Edge) upgrade(w http.ResponseWriter, r *http.Request, counted *addressCount, a Admission) error {
	up := ws.HTTPUpgrader{Timeout: e.cfg.HandshakeTimeout}
	if a.Protocol != "" {
		up.Protocol = func(p string) bool { return p == a.Protocol }
	}
	nc, rw, _, err := up.Upgrade(r, w)
	if err != nil {
		if nc != nil {
			_ = nc.Close()
		}
		return err
	}
	early := make([]byte, rw.Reader.Buffered())
	_, _ = rw.Reader.Read(early)
	shard := a.Shard
	if shard == nil {
		shard = e.shards[0]
	}
	if !shard.Post(func() { shard.attach(nc, a, counted, early) }) {
		_ = nc.Close()
		return net.ErrClosed
	}
	return nil
}

func requestOf(r *http.Request) *Request {
	req := &Request{
		Scheme: "http", Host: r.Host,
		Path: r.URL.Path, RawQuery: r.URL.RawQuery,
		Origin:        r.Header.Get("Origin"),
		Authorization: r.Header.Get("Authorization"),
		Cookie:        r.Header.Get("Cookie"),
	}
	if r.TLS != nil {
		req.Scheme = "https"
	}
	for _, line := range r.Header.Values("Sec-WebSocket-Protocol") {
		for p := range strings.SplitSeq(line, ",") {
			req.Protocols = append(req.Protocols, strings.TrimSpace(p))
		}
	}
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		req.Remote = ap.Addr().Unmap()
	}
	return req
}

func resultOf(err error) string {
	var ne net.Error
	switch {
	case errors.As(err, &ne) && ne.Timeout():
		return "timeout"
	case errors.Is(err, net.ErrClosed):
		return "error"
	default:
		return "bad_request"
	}
}

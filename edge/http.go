package edge

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// ServeHTTP answers what comes for the edge by way of net/http: a WebSocket that
// no shard could take from the listener, and whatever is refused with HTTP. An
// opening handshake may come on a connection that has served requests before.
// The socket then belongs to a shard; the goroutine is not kept.
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
	answer, err := new(upgrader).check(headOf(r))
	if err != nil {
		e.cfg.Meter.Handshake("bad_request")
		e.reject(w, answer)
		return
	}
	req := requestOf(r)
	ctx, cancel := context.WithTimeout(r.Context(), e.cfg.HandshakeTimeout)
	defer cancel()
	a := e.gate.Admit(ctx, req)
	if a.Refuse != nil {
		e.cfg.Meter.Handshake(a.Result)
		a.Refuse.ServeHTTP(w, r)
		return
	}
	nc, early, err := hijack(w)
	if err != nil {
		e.cfg.Meter.Handshake("error")
		http.Error(w, "this connection cannot be upgraded", http.StatusInternalServerError)
		return
	}
	e.settleIn(newcomer{netCarrier{nc}, req, a, answer, early}, nil)
}

// reject writes the refusal of a handshake that is not sound and closes the
// connection.
func (e *Edge) reject(w http.ResponseWriter, answer []byte) {
	nc, _, err := hijack(w)
	if err != nil {
		http.Error(w, "bad handshake", http.StatusBadRequest)
		return
	}
	_ = nc.SetWriteDeadline(time.Now().Add(e.cfg.HandshakeTimeout))
	_, _ = nc.Write(answer) // the client has it, or has gone
	_ = nc.Close()
}

// hijack takes a connection from net/http, and what the client has sent behind
// its request.
func hijack(w http.ResponseWriter) (nc net.Conn, early []byte, err error) {
	nc, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("edge: hijack: %w", err)
	}
	_ = nc.SetDeadline(time.Time{}) // net/http's
	early, _ = rw.Reader.Peek(rw.Reader.Buffered())
	if r, is := nc.(*replayed); is {
		return r.TCPConn, append(early, r.head...), nil
	}
	return nc, early, nil
}

// headOf writes down again what matters for the answer.
func headOf(r *http.Request) []byte {
	var b bytes.Buffer
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	fmt.Fprintf(&b, "%s / %s\r\n", r.Method, r.Proto)
	line("Host", r.Host)
	line("Connection", strings.Join(r.Header.Values("Connection"), ", ")) // a list (RFC 9110, section 5.3)
	for _, name := range []string{"Upgrade", "Sec-WebSocket-Key", "Sec-WebSocket-Version"} {
		for _, v := range r.Header.Values(name) {
			line(name, v)
		}
	}
	b.WriteString("\r\n")
	return b.Bytes()
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
		req.Protocols = appendProtocols(req.Protocols, line)
	}
	req.deflate = agreeToAny(r.Header.Values("Sec-WebSocket-Extensions"))
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		req.Remote = ap.Addr().Unmap().WithZone("")
	}
	return req
}

// netCarrier is a connection that the runtime's poller serves so far.
type netCarrier struct{ nc net.Conn }

func (n netCarrier) transport(c *Conn) (transport, error) { return newTransport(c, n.nc) }
func (n netCarrier) close()                               { _ = n.nc.Close() }

package swarm

import (
	"bytes"
	"fmt"
	"net/netip"
)

// Dial is a socket to open.
type Dial struct {
	Path    string // such as /ws/room/7/, with a query if there is to be one
	Token   string
	At      netip.AddrPort // of the server; zero: the swarm's own
	Deflate bool           // offer permessage-deflate (RFC 7692)
	// Session has the client count what it receives behind the welcome, so that it
	// can return to its session: see Swarm.Cut.
	Session bool
	// Received is after how many frames a client with a Session tells the server
	// each time that it has them; 0: only in Swarm.Quiet.
	Received int
	back     string // the rest of the query, of one that returns
}

// request is the client's opening handshake (RFC 6455, section 4.1).
func request(d Dial, host string) []byte {
	b := fmt.Appendf(nil, "GET %s%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Token %s\r\n"+
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", d.Path, d.back, host, d.Token)
	if d.Deflate {
		b = append(b, "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"...)
	}
	return append(b, "\r\n"...)
}

// cutHandshake splits the server's answer to the opening handshake off b (RFC
// 6455, section 4.2.2) and tells whether permessage-deflate was agreed; ok is
// false if it is not complete.
func cutHandshake(b []byte) (rest []byte, deflate, ok bool, err error) {
	head, rest, ok := bytes.Cut(b, []byte("\r\n\r\n"))
	if !ok {
		return b, false, false, nil
	}
	status, fields, _ := bytes.Cut(head, []byte("\r\n"))
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 101 ")) {
		return b, false, false, fmt.Errorf("swarm: handshake answered with %q", status)
	}
	for line := range bytes.Lines(fields) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Sec-WebSocket-Extensions")) {
			deflate = bytes.Contains(value, []byte("permessage-deflate"))
		}
	}
	return rest, deflate, true, nil
}

package edge

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/gobwas/httphead"
	"github.com/gobwas/ws"
)

// errNotPlain leaves a handshake to net/http.
var errNotPlain = errors.New("edge: not a plain opening handshake")

// upgrader reads opening handshakes (RFC 6455, section 4.2.1) that are in memory
// as a whole, by gobwas/ws. It is for one goroutine at a time.
type upgrader struct {
	strict ws.Upgrader // its hooks fill request, and refuse what is not plain

	in      bytes.Reader
	out     []byte
	request *Request
	seen    header
}

// header is a set of headers of which a request may have one at most.
type header uint8

const (
	hostHeader header = 1 << iota
	originHeader
	authorizationHeader
	cookieHeader
)

func newUpgrader() *upgrader {
	u := &upgrader{}
	u.strict = ws.Upgrader{
		OnRequest: u.onRequest, OnHost: u.onHost, OnHeader: u.onHeader,
		ProtocolCustom: u.onProtocols, Negotiate: u.onExtension,
	}
	return u
}

// Read and Write make the upgrader the connection of gobwas/ws. Neither fails
// to take or give what there is.
func (u *upgrader) Read(b []byte) (int, error) { return u.in.Read(b) }

func (u *upgrader) Write(b []byte) (int, error) {
	u.out = append(u.out, b...)
	return len(b), nil
}

// check reads a head and returns the answer to it: 101 without a subprotocol,
// or with an error the refusal that says what is wrong.
func (u *upgrader) check(head []byte) (answer []byte, err error) { return u.run(head, ws.Upgrader{}) }

// read is check for a plain head, of which it also returns the Request, but for
// its Scheme and Remote.
func (u *upgrader) read(head []byte) (r *Request, answer []byte, err error) {
	if !plain(head) {
		return nil, nil, errNotPlain
	}
	r = &Request{}
	u.request, u.seen = r, 0
	answer, err = u.run(head, u.strict)
	u.request = nil
	return r, answer, err
}

func (u *upgrader) run(head []byte, hooks ws.Upgrader) (answer []byte, err error) {
	u.in.Reset(head)
	u.out = u.out[:0]
	_, err = hooks.Upgrade(u)
	const headers = 64 // room for what complete adds
	return append(make([]byte, 0, len(u.out)+headers), u.out...), err
}

// complete adds what the gate has chosen to an answer, as far as the client
// offered it (RFC 6455, section 4.2.2): the subprotocol, and compression.
func complete(answer []byte, r *Request, a *Admission) []byte {
	if a.Protocol != "" && slices.Contains(r.Protocols, a.Protocol) {
		answer = addHeader(answer, "Sec-WebSocket-Protocol: ", a.Protocol)
	}
	if a.Deflate = a.Deflate && r.deflate != ""; a.Deflate {
		answer = addHeader(answer, "Sec-WebSocket-Extensions: ", r.deflate)
	}
	return answer
}

func addHeader(answer []byte, name, value string) []byte {
	const end = "\r\n"
	answer = append(answer[:len(answer)-len(end)], name...)
	answer = append(answer, value...)
	return append(answer, "\r\n"+end...)
}

func (u *upgrader) onRequest(uri []byte) error {
	path, query, _ := bytes.Cut(uri, []byte("?"))
	if !plainPath(path) || !plainQuery(query) {
		return errNotPlain
	}
	u.request.Path, u.request.RawQuery = string(path), string(query)
	return nil
}

func (u *upgrader) onHost(host []byte) error {
	if !plainHost(host) {
		return errNotPlain
	}
	return u.once(hostHeader, &u.request.Host, host)
}

func (u *upgrader) onHeader(key, value []byte) error {
	switch string(key) {
	case "Origin":
		return u.once(originHeader, &u.request.Origin, value)
	case "Authorization":
		return u.once(authorizationHeader, &u.request.Authorization, value)
	case "Cookie":
		return u.once(cookieHeader, &u.request.Cookie, value)
	case "Content-Length", "Transfer-Encoding", "Expect":
		return errNotPlain // a handshake has no body
	}
	return nil
}

func (u *upgrader) once(h header, to *string, value []byte) error {
	if u.seen&h != 0 {
		return errNotPlain
	}
	u.seen |= h
	*to = string(value)
	return nil
}

// onProtocols collects what is offered and chooses nothing: that is the gate's.
func (u *upgrader) onProtocols(list []byte) (string, bool) {
	u.request.Protocols = appendProtocols(u.request.Protocols, string(list))
	return "", true
}

// onExtension notes what compression the client is offered in return, and agrees
// to nothing: that is the gate's.
func (u *upgrader) onExtension(offer httphead.Option) (httphead.Option, error) {
	if u.request.deflate == "" {
		u.request.deflate = agree(offer)
	}
	return httphead.Option{}, nil
}

// appendProtocols adds the names in a line of Sec-WebSocket-Protocol.
func appendProtocols(to []string, line string) []string {
	for p := range strings.SplitSeq(line, ",") {
		to = append(to, strings.TrimSpace(p))
	}
	return to
}

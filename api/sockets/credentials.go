package sockets

import (
	"net/http"
	"strings"

	"parley/edge"
)

const (
	subprotocol = "parley.v1"
	tokenPrefix = "parley.token."
	cookieName  = "parley_token"
)

// credentials are what a client shows: a token, or a one-time ticket for one.
type credentials struct {
	token  string
	ticket string
}

// find looks in the contract's order and takes the first it finds: subprotocol,
// Authorization, ?ticket=, ?token=, cookie.
func find(r *edge.Request, q query) credentials {
	if t := fromProtocols(r.Protocols); t != "" {
		return credentials{token: t}
	}
	if t := fromAuthorization(r.Authorization); t != "" {
		return credentials{token: t}
	}
	if q.ticket != "" {
		return credentials{ticket: q.ticket}
	}
	if q.token != "" {
		return credentials{token: q.token}
	}
	return credentials{token: fromCookie(r.Cookie)}
}

// fromProtocols reads the pair `parley.v1, parley.token.<t>`: a browser can set
// no header on a WebSocket but this one.
func fromProtocols(offered []string) string {
	for _, p := range offered {
		if t, ok := strings.CutPrefix(p, tokenPrefix); ok {
			return t
		}
	}
	return ""
}

func fromAuthorization(header string) string {
	scheme, t, ok := strings.Cut(header, " ")
	if ok && (strings.EqualFold(scheme, "Token") || strings.EqualFold(scheme, "Bearer")) {
		return strings.TrimSpace(t)
	}
	return ""
}

func fromCookie(header string) string {
	if header == "" {
		return ""
	}
	r := http.Request{Header: http.Header{"Cookie": {header}}}
	c, err := r.Cookie(cookieName) // whatever else is malformed there
	if err != nil {
		return ""
	}
	return c.Value
}

package room

import "strings"

// token is what a client returns with: which line, which process has it, and that
// process's ticket for it. Where there is one process only the ticket is all.
//
//	<connection_id>~<boot>~<ticket>
type token struct{ name, boot, ticket string }

const tokenSeparator = "~"

func (t token) String() string {
	return t.name + tokenSeparator + t.boot + tokenSeparator + t.ticket
}

func readToken(s string) (token, bool) {
	name, rest, _ := strings.Cut(s, tokenSeparator)
	boot, ticket, ok := strings.Cut(rest, tokenSeparator)
	return token{name, boot, ticket}, ok && name != "" && ticket != ""
}

// ticket reads a token for a line of this node, one that came here included. Any
// goroutine may call it.
func (h *Hub) ticket(s string) (ticket, bool) {
	if h.cfg.Alone || s == "" {
		return h.seal.open(s)
	}
	t, ok := readToken(s)
	if !ok {
		return ticket{}, false
	}
	if found, ok := h.journeys.ticket(t.name, s); ok { // perhaps of this node's: it may have been away
		return found, true
	}
	if t.boot != h.cfg.Boot {
		return ticket{}, false
	}
	return h.seal.open(t.ticket)
}

// token is what the line's client returns with that has the welcome of a serial;
// "" with 0.
func (l *line) token(serial uint64) string {
	h := l.shard.hub
	if serial == 0 {
		return ""
	}
	if o := l.origin(); o != nil {
		if s := o.tokens[serial]; s != "" {
			return s
		}
	}
	ticket := h.seal.close(ticket{uint16(l.shard.edge.ID()), l.place, serial}, sealedToken)
	if h.cfg.Alone {
		return ticket
	}
	return token{l.name(), h.cfg.Boot, ticket}.String()
}

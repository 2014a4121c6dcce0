package room

import (
	"time"

	"parley/edge"
	"parley/protocol"
)

// Kinds of letters that are about a line.
const (
	kindClaim  byte = 0x70 + iota // who has it may give it: see claim
	kindAnswer                    // to a claim
	kindLanded                    // by the one who got it: the line's name
	kindLate                      // a message that follows it: see late
)

// codeMoved ends a line, and its sessions, here only. It is on no wire.
const codeMoved = 0

func (h *Hub) serveLines() {
	h.Serve(kindClaim, h.claimed)
	h.Serve(kindAnswer, func(l Letter) {
		if a, ok := readAnswer(l.Body); ok {
			h.inquiries.answered(l.From, a)
		}
	})
	h.Serve(kindLanded, func(l Letter) { h.journeys.arrivedThere(string(l.Body), l.From) })
	h.Serve(kindLate, h.followed)
}

// claimed answers another node's claim.
func (h *Hub) claimed(l Letter) {
	c, ok := readClaim(l.Body)
	if !ok {
		return
	}
	reply := func(found whereabouts, to string, parcel []byte) {
		a := answer{request: c.request, found: found, to: []byte(to), body: parcel}
		h.Write(l.From, Letter{Kind: kindAnswer, Body: a.append(nil)})
	}
	if found, to, parcel := h.journeys.yield(c); found != nowhere {
		reply(found, to, parcel)
		return
	}
	if to, parcel, gone := h.journeys.gone(c.name, l.From, h.dead); gone {
		switch {
		case parcel != nil:
			reply(atBerth, "", parcel)
		case to != "":
			var held []byte
			if h.journeys.keeps(c.name) {
				held = []byte{1}
			}
			reply(elsewhere, to, held)
		}
		return
	}
	t, ok := h.ticket(c.token)
	if !ok || int(t.shard) >= len(h.shards) {
		reply(notHere, "", nil)
		return
	}
	sh := h.shards[t.shard]
	sh.edge.Post(func() { sh.surrender(t, c, l.From, reply) })
}

// surrender gives a line to another node: from here on it is that one's.
func (sh *shard) surrender(t ticket, c claim, to string, reply func(found whereabouts, to string, parcel []byte)) {
	l := sh.lines.at(t.place)
	if l == nil || !l.mayGo(t, c) {
		reply(notTheirsToHave, "", nil)
		return
	}
	h := sh.hub
	if !h.journeys.depart(c.name, to, max(h.cfg.Resume.Window, claimHold)) {
		return // a letter that came twice
	}
	l.strand()
	l.over = true // its client is not let back on
	l.rider.pack(true, func(sessions []packed) {
		p := l.parcel(sessions)
		b := h.journeys.pack(p)
		l.end(edge.Closure{Code: codeMoved})
		reply(atBerth, "", b)
	})
}

// mayGo reports whether a claim is to a line that could be resumed here.
func (l *line) mayGo(t ticket, c claim) bool {
	return !l.over && !l.late() && l.serial != 0 && l.user.ID == c.user &&
		l.rider.at(c.at.roomID, c.at.channel) && l.known(t.serial) && l.name() == c.name
}

// strand takes a line's socket away, if it has one.
func (l *line) strand() {
	if l.away == nil {
		l.leaveSocket()
	}
	if l.conn != nil {
		l.conn.Abandon(uint16(protocol.CloseReplaced), "resumed on another node")
		l.conn = nil
		l.suspend()
	}
}

// parcel is the line as it is, of which the sessions were packed.
func (l *line) parcel(sessions []packed) *parcel {
	a := l.away
	p := &parcel{
		name: l.name(), user: l.user.ID, token: l.token(l.serial),
		first: a.first, torn: a.torn, left: max(0, time.Until(a.until)), sessions: sessions,
	}
	if _, many := l.rider.(*desk); !many && len(sessions) > 0 {
		p.at = sessions[0].at
	}
	if l.past != nil && !l.heard {
		p.former, p.from = l.token(l.past.serial), l.past.from
	}
	for _, f := range a.frames {
		p.frames = append(p.frames, f.Payload())
	}
	return p
}

package room

import (
	"time"

	"parley/edge"
	"parley/protocol"
)

// land opens the line of a parcel that has arrived, for the socket of its client.
// It returns nil where the client must start afresh.
func (sh *shard) land(c *edge.Conn, e Entry, home *shard) edge.Handler {
	h := sh.hub
	if e.Return.passage == nil {
		return nil
	}
	name := e.Return.passage.arrived
	a := h.journeys.take(name, sh)
	if a == nil {
		return nil
	}
	loggedOut := sh.fences.stops(fence{token: e.TokenID}, e.Checked) // on the way here
	if loggedOut || !a.parcel.is(e.User.ID, place{e.RoomID, e.Channel}, e.Return.Token) || home != nil && len(a.parcel.sessions) != 1 {
		h.journeys.left(name, sh, unsettled)
		h.landed(a)
		return nil
	}
	from, ok := a.parcel.rewind(e.Return.Token, e.Return.Received)
	if !ok {
		h.journeys.left(name, sh, unsettled)
		h.landed(a)
		h.cfg.Meter.Resumed(ResumeTorn)
		e.Return.passage = &passage{formerly: name}
		return sh.openNew(c, e, home)
	}
	e.Return.passage = &passage{parcel: a.parcel, from: from}
	if home != nil {
		e.packed = &a.parcel.sessions[0]
	}
	handler := sh.openNew(c, e, home)
	if _, refused := handler.(ended); refused { // for the time
		h.journeys.left(name, sh, unsettled)
		h.journeys.arrive(a)
		return handler
	}
	if a.from != "" {
		h.cfg.Meter.Resumed(ResumeMoved)
	} else {
		h.cfg.Meter.Resumed(ResumeAdopted)
	}
	h.landed(a)
	return handler
}

// landed tells the node that an arrival came from that it need not be kept there.
func (h *Hub) landed(a *arrival) {
	if a.from != "" {
		h.Write(a.from, Letter{Kind: kindLanded, Body: []byte(a.parcel.name)})
	}
}

// continues makes a new line go on as the one of a parcel, from behind what its
// client has. It is as if it had been lost here, and its client were back.
func (l *line) continues(e Entry) {
	sh, p := l.shard, e.Return.passage.parcel
	l.born = 0
	l.due = 1 // its client may be back before it was welcomed here
	now, before := sh.lines.next(), uint64(0)
	tokens := map[uint64]string{now: p.token}
	if p.former != "" {
		before = sh.lines.next()
		tokens[before] = p.former
	}
	l.serial = now
	l.past = &past{serial: before, from: p.from, origin: &origin{name: p.name, tokens: tokens}}
	by := &past{serial: now, from: e.Return.passage.from}
	if e.Return.Token != p.token {
		by.serial = before
	}
	l.away = &away{first: p.first, by: by}
	for _, f := range p.frames {
		l.away.add(edge.TextOf(f), sh)
	}
	l.conn.PauseReading() // until it is welcomed
	sh.hub.journeys.settle(p.name, berth{shard: sh, place: l.place, tokens: tokens})
}

// succeeds makes a new line know in whose place it is.
func (l *line) succeeds(formerly string) {
	sh := l.shard
	name := sh.hub.seal.name(l)
	l.born = 0
	l.past = &past{origin: &origin{name: name, formerly: formerly}}
	sh.hub.cfg.Meter.Resumed(ResumeSuccessor)
}

// board takes in the subscriptions of a parcel. The rights to their rooms may have
// ended on the way.
func (d *desk) board(p *parcel) {
	for i := range p.sessions {
		s := &p.sessions[i]
		if s.at.channel != protocol.ChannelChat && s.at.channel != protocol.ChannelCall || d.subs[s.at] != nil {
			continue
		}
		sub := d.subscription(s.at, s.id)
		sub.acked, sub.packed = s.acked, s
		d.admit(sub, Entry{
			RoomID: s.at.roomID, Channel: s.at.channel, User: d.line.user, TokenID: d.line.login,
			Since: s.since, shared: true, packed: s, Checked: time.Now(), // before anything is recalled or looked up: see fence
		})
	}
}

package room

import (
	"context"
	"time"
)

// callBackWait is how long the vault may take to give a line back to the node that
// has put it there.
const callBackWait = 500 * time.Millisecond

// here finds a line that this node may have.
func (s *search) here() (whereabouts, string) {
	h, c := s.hub, s.claim
	if found := h.journeys.find(c); found != nowhere && found != onBoard {
		return found, ""
	}
	if to, b, gone := h.journeys.gone(c.name, h.cfg.Boot, h.dead); gone {
		if b == nil {
			s.held = h.journeys.keeps(c.name)
			return elsewhere, to
		}
		p, err := readParcel(b)
		if err != nil || !p.is(c.user, c.at, c.token) {
			return notTheirsToHave, ""
		}
		return h.arrive(&arrival{parcel: p, until: time.Now().Add(max(p.left, landWithin))}), ""
	}
	t, ok := h.ticket(c.token)
	if !ok || int(t.shard) >= len(h.shards) {
		return notHere, ""
	}
	patient, cancel := context.WithTimeout(s.ctx, callBackWait)
	defer cancel()
	ours := make(chan bool, 1)
	sh := h.shards[t.shard]
	if !sh.edge.Post(func() { sh.callBack(t, c, func(is bool) { ours <- is }) }) {
		return notTheirsToHave, ""
	}
	select {
	case is := <-ours:
		if is {
			return onBoard, ""
		}
		return nowhere, ""
	case <-patient.Done():
		return onBoard, "" // nobody can be asked; it is seen to again on the line's shard
	}
}

// callBack takes a line whose client is on its way out of the vault, so that no
// other node takes it there; and learns if one has.
func (sh *shard) callBack(t ticket, c claim, then func(ours bool)) {
	l := sh.lines.at(t.place)
	if l == nil || !l.mayGo(t, c) || sh.deposits[l] == nil {
		then(true) // see welcomeBack
		return
	}
	d := sh.deposits[l]
	d.leave = time.Now().Add(landWithin)
	d.waiting = append(d.waiting, func(ours bool, _ error) { then(ours) })
	d.step()
	time.AfterFunc(landWithin, func() {
		sh.edge.Post(func() {
			if !l.over && l.away != nil && l.conn == nil {
				l.putBy() // the client did not come
			}
		})
	})
}

// arrive takes in what a claim has brought, unless another has, of the same client.
func (h *Hub) arrive(a *arrival) whereabouts {
	if h.journeys.arrive(a) {
		return atBerth
	}
	return notYet
}

package room

import "time"

// claimHold is how long a node that got a parcel has it to itself, from when it
// was sent. The parcel lands well before that, or not at all: see landWithin.
const claimHold = 2 * time.Second

// depart notes that a line is about to go, and reports false if it has gone
// already. window is how long its client may look for it.
func (j *journeys) depart(name, to string, window time.Duration) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.departed[name] != nil {
		return false
	}
	d := &departure{to: to, at: time.Now()}
	delete(j.landed, name)
	j.departed[name] = d
	time.AfterFunc(window, func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		if j.departed[name] == d {
			delete(j.departed, name)
		}
		j.forget(d)
	})
	return true
}

// pack gives a departure its parcel, in which late messages come last.
func (j *journeys) pack(p *parcel) []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	d := j.departed[p.name]
	if d == nil {
		return p.encode()
	}
	p.frames = append(p.frames, d.late...)
	d.late, d.packed = nil, true
	b := p.encode()
	if j.keeping.Take(len(b)) {
		d.kept = b
	}
	return b
}

// gone says where a line went, and gives the node that asks the parcel if it is the
// one which should have it, or if that one had its time. With both empty it is
// still being packed for that node.
func (j *journeys) gone(name, asks string, dead func(boot string) bool) (to string, parcel []byte, ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	d := j.departed[name]
	if d == nil {
		return "", nil, false
	}
	if !d.packed && d.to == asks {
		return "", nil, true
	}
	if d.kept == nil || d.to != asks && time.Since(d.at) < claimHold && !dead(d.to) {
		return d.to, nil, true
	}
	d.to, d.at = asks, time.Now()
	return asks, d.kept, true
}

// keeps reports whether there is a copy of a line that went, or is about to be.
func (j *journeys) keeps(name string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	d := j.departed[name]
	return d != nil && (d.kept != nil || !d.packed)
}

// arrivedThere is a node's word that it has a line now.
func (j *journeys) arrivedThere(name, boot string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if d := j.departed[name]; d != nil && d.to == boot {
		j.forget(d)
	}
}

// postpone keeps a message of a line that has gone until it is packed; else it
// says where the message is to go, "" if nobody knows.
func (j *journeys) postpone(name string, message []byte) (to string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	d := j.departed[name]
	switch {
	case d == nil:
		return ""
	case d.packed:
		return d.to
	}
	d.late = append(d.late, message)
	return ""
}

// follow takes in a message that follows a line that came here. Where the line has
// landed it says on which shard.
func (j *journeys) follow(name string, message []byte) (b berth, landed bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if a := j.arrived[name]; a != nil {
		a.parcel.frames = append(a.parcel.frames, message)
		return b, false
	}
	b, landed = j.landed[name]
	return b, landed
}

// yield is what another node is told that claims a line which has arrived here and
// not landed: it is waited for a while, and then given away. With nowhere there is
// none.
func (j *journeys) yield(c claim) (found whereabouts, to string, parcel []byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	a := j.arrived[c.name]
	switch {
	case a == nil:
		return nowhere, "", nil
	case !a.parcel.is(c.user, c.at, c.token):
		return notTheirsToHave, "", nil
	case time.Now().Before(a.reserved):
		return notYet, "", nil
	}
	delete(j.arrived, c.name)
	if a.from != "" {
		return elsewhere, a.from, nil
	}
	return atBerth, "", a.parcel.encode()
}

// forget lets go of what is kept of a departure; nil is none. Called under mu.
func (j *journeys) forget(d *departure) {
	if d != nil && d.kept != nil {
		j.keeping.Give(len(d.kept))
		d.kept = nil
	}
}

// lose notes that another node has a line of this one's, which was not asked.
func (j *journeys) lose(name, to string, window time.Duration) {
	j.depart(name, to, window)
	j.mu.Lock()
	defer j.mu.Unlock()
	if d := j.departed[name]; d != nil {
		d.packed = true
	}
}

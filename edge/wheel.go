package edge

// wheel is a coarse timer: each socket stands in the slot of its next check.
// Moving a socket costs a few pointers, activity costs nothing: a check that
// comes too early simply puts the socket back (hashed timing wheel, Varghese
// and Lauck 1987, scheme 6, with lazy re-arming).
type wheel struct {
	slots []*Conn // heads of lists, linked by Conn.next and Conn.prev
	now   int32   // ticks since the shard began: one a second lasts 68 years
}

func newWheel(slots int) *wheel { return &wheel{slots: make([]*Conn, slots)} }

// schedule sets c's next check in so many ticks, at least one; further ahead
// than the wheel reaches means at its rim.
func (w *wheel) schedule(c *Conn, in int32) {
	w.remove(c)
	in = max(1, min(in, int32(len(w.slots)-1)))
	slot := (w.now + in) % int32(len(w.slots))
	c.slot = slot
	c.next = w.slots[slot]
	if c.next != nil {
		c.next.prev = c
	}
	w.slots[slot] = c
}

func (w *wheel) remove(c *Conn) {
	if c.slot < 0 {
		return
	}
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		w.slots[c.slot] = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	}
	c.next, c.prev, c.slot = nil, nil, -1
}

// tick moves time on by one and calls check for each socket that is due. The
// check schedules or removes sockets as it likes.
func (w *wheel) tick(check func(*Conn)) {
	w.now++
	slot := w.now % int32(len(w.slots))
	for c := w.slots[slot]; c != nil; c = w.slots[slot] {
		w.remove(c)
		check(c)
	}
}

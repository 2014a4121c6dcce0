package redis

// slot is where one slot's payloads leave and come in. Guarded by Bus.mu.
type slot struct {
	holder string // the address of the master that has it; "" while unknown
	epoch  uint64 // of the claim
	// writer is by whom the slot's payloads leave, one at a time so that they
	// keep their order: it hands over to the holder's between two pipelines.
	writer *link
}

// learn takes in what a server of the cluster says about who holds what.
func (b *Bus) learn(claims []claim) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	for _, c := range claims {
		for i := c.first; i <= c.last; i++ {
			if s := &b.slots[i]; c.epoch >= s.epoch {
				s.holder, s.epoch = c.addr, c.epoch
			}
		}
	}
	b.arrange()
}

// moved takes in what a master said about a slot that it does not hold. Claims
// of any epoch are believed after that.
func (b *Bus) moved(slot int, addr string) {
	b.slots[slot].holder, b.slots[slot].epoch = addr, 0
	b.arrange()
	wake(b.look)
}

// arrange brings links, writers and topics in line with who holds which slot.
// It is called with mu held.
func (b *Bus) arrange() {
	busy := make(map[*link]bool)
	for i := range b.slots {
		s := &b.slots[i]
		if s.holder == "" {
			continue
		}
		l := b.links[s.holder]
		if l == nil {
			l = b.newLink(s.holder)
		}
		busy[l] = true
		switch {
		case s.writer == nil:
			s.writer = l
		case s.writer != l:
			busy[s.writer] = true
			s.writer.handover = true
			wake(s.writer.work)
		}
	}
	for _, t := range b.topics {
		if t.link == nil || t.link.addr != b.slots[t.slot].holder {
			b.leave(t)
			b.place(t)
		}
	}
	for addr, l := range b.links {
		if !busy[l] {
			delete(b.links, addr)
			l.end()
			continue
		}
		l.settleCanary()
	}
}

// place has the topic subscribed by the link to whoever holds its slot, if that
// is known. It is called with mu held.
func (b *Bus) place(t *topic) {
	l := b.links[b.slots[t.slot].holder]
	if l == nil {
		return
	}
	t.link = l
	l.topics[t] = struct{}{}
	l.request(t, true)
}

// leave has the topic's link forget it. It is called with mu held.
func (b *Bus) leave(t *topic) {
	if t.link == nil {
		return
	}
	delete(t.link.topics, t)
	t.link.request(t, false)
	t.interrupt()
	t.link = nil
}

// interrupt notes that a topic is not carried. It is called with mu held.
func (t *topic) interrupt() {
	t.interrupted = t.interrupted || t.carried
	t.carried = false
}

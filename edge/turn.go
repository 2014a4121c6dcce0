package edge

import (
	"runtime"
	"slices"
	"time"
)

// run is the shard's goroutine.
func (s *Shard) run() {
	defer close(s.done)
	for !s.stopped {
		s.budget.begin()
		if err := s.sleep(); err != nil {
			s.edge.cfg.Logger.Error("edge: poller failed", "shard", s.id, "err", err)
			s.stopped = true
		}
		s.takeTurn()
	}
	for _, fn := range slices.Concat(s.posted[s.first:], s.mail.close()) {
		fn()
	}
	s.giveUp()
	s.poll.close()
}

// sleep until there is something to do, which there may be already. A shard that
// always finds something must not starve the other goroutines.
func (s *Shard) sleep() error {
	runtime.Gosched()
	if s.busy() || !s.mail.rest() {
		return s.poll.wait(time.Time{})
	}
	defer s.mail.rise()
	return s.poll.wait(s.next)
}

// busy reports whether an earlier turn left something.
func (s *Shard) busy() bool {
	return len(s.due)+len(s.behind)+len(s.dirty)+len(s.wide)+len(s.posted) > 0
}

// takeTurn does all that does not come from the poller.
func (s *Shard) takeTurn() {
	s.runDue()
	s.runPosted()
	s.runTimers()
	s.settle()
	s.runAfter()
	s.endTurn()
}

// giveUp closes the sockets that are left when the shard ends.
func (s *Shard) giveUp() {
	for s.settle(); len(s.dirty)+len(s.wide) > 0; {
		s.settle()
	}
	for _, c := range s.wheel.slots {
		for c != nil {
			next := c.next
			c.lost()
			c = next
		}
	}
	for s.settle(); len(s.dirty) > 0; {
		s.settle()
	}
}

// runDue runs what the shard has put off itself, then handles what was received
// and put off, the longest waiting first.
func (s *Shard) runDue() {
	due := s.due
	s.due = nil
	for _, fn := range due {
		fn()
	}
	behind := s.behind
	s.behind = s.spareBehind[:0]
	for i, c := range behind {
		behind[i] = nil
		c.goOn()
	}
	s.spareBehind = behind
}

// runPosted runs what was posted, but no more than a turn may cost: the rest is
// first in the next one.
func (s *Shard) runPosted() {
	if len(s.posted) == 0 {
		s.posted, s.first = s.mail.take(s.posted), 0
	}
	for s.first < len(s.posted) && s.budget.spent < turnQuantum {
		fn := s.posted[s.first]
		s.posted[s.first] = nil
		s.first++
		before := s.mark()
		fn()
		s.account(nil, before)
	}
	if s.first < len(s.posted) {
		return
	}
	s.posted, s.first = s.posted[:0], 0
	if cap(s.posted) > 4096 { // a burst must not be paid for ever after
		s.posted = nil
	}
}

// runTimers moves the wheel by one tick at most: time in which the shard, or the
// whole machine, stood still is nobody's silence.
func (s *Shard) runTimers() {
	now := time.Now()
	if now.Before(s.next) {
		return
	}
	s.wheel.tick((*Conn).check)
	s.pool.shrink()
	if s.next = s.next.Add(s.tick); s.next.Before(now) {
		s.next = now.Add(s.tick)
	}
}

// settle tells handlers of ended sockets and runs what was deferred, until
// neither leads to more of the other, and writes to some of the sockets for
// which something waits.
func (s *Shard) settle() {
	for len(s.ended) > 0 || len(s.deferred) > 0 {
		s.tellEnded()
		s.runDeferred()
	}
	s.write(&s.dirty, s.budget.writes())
	written := s.write(&s.wide, turnWrites)
	s.budget.paid(written, len(s.wide))
}

// write writes to so many of the waiting sockets at most, the longest waiting
// first, and returns to how many: while the others wait more gathers for each of
// them, and leaves in the same call. Whoever is marked meanwhile waits too.
func (s *Shard) write(waiting *[]*Conn, most int) (n int) {
	n = min(most, len(*waiting))
	for i := range n {
		(*waiting)[i].flush()
		s.glance(i)
	}
	*waiting = slices.Delete(*waiting, 0, n)
	return n
}

// glanceEvery is how many sockets, each of which may cost a system call, a turn
// handles before it looks at the door again: a millisecond or less.
const glanceEvery = 64

// glance takes those in who are at the door, every so often, after the i-th of
// many sockets: where thousands leave at once, and come back, a turn may be so
// long that the kernel's queue of new connections would overflow.
func (s *Shard) glance(i int) {
	if i%glanceEvery == glanceEvery-1 {
		s.poll.accept()
	}
}

func (s *Shard) tellEnded() {
	for i := 0; i < len(s.ended); i++ {
		s.glance(i)
		c := s.ended[i]
		s.ended[i] = nil
		s.edge.cfg.Meter.Closed(c.extra.how.Code)
		if c.handler != nil {
			c.handler.Closed(c.extra.how)
		}
		c.conclude()
	}
	s.ended = s.ended[:0]
}

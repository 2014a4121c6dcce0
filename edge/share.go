package edge

import "math"

// What a turn of the loop may cost, in units of about 0.1 µs. Whoever has had
// its share waits in the kernel's buffers, or its own, for the next turn: so a
// turn stays short, and who asks little of it is answered soon.
const (
	costFrame = 8 // of a frame that is received; a frame that is queued costs 1

	turnQuantum  = 40_000 // all sockets together
	shareQuantum = 1_000  // the sockets of one Share
	wideQuantum  = 2_000  // frames queued to large groups ahead of their writing

	wideFanOut = 64 // more sockets than this at once are a large group
	turnWrites = 64 // sockets that one turn writes to, and of large groups as many
	wideBatch  = wideQuantum / turnWrites
)

// Share counts what a group of sockets has taken of a turn. Its zero value is
// ready. It belongs to the shard of its sockets.
type Share struct {
	turn  uint32 // in which spent was counted
	spent int32
	wide  bool // its frames go to many sockets
}

// budget is what this turn has cost, and what earlier turns still owe. It
// belongs to the shard.
type budget struct {
	turn   uint32
	spent  int
	queued int // frames, since the shard began
	owed   int // frames queued to large groups and not yet paid for by writes

	// of the last turns, the later the more
	received int // frames
	fanned   int // frames that these led to
}

// begin starts a turn.
func (b *budget) begin() {
	b.turn++
	b.spent = 0
	b.received -= b.received / 16
	b.fanned -= b.fanned / 16
}

// allows reports whether more may be received in this turn for a share.
func (b *budget) allows(s *Share) bool {
	if b.spent >= turnQuantum {
		return false
	}
	if s == nil {
		return true
	}
	if s.wide && b.owed >= wideQuantum {
		return false
	}
	return s.turn != b.turn || s.spent < shareQuantum
}

// writes is how many sockets a turn writes to. Where a frame goes to several it
// is few of them, for then most of the work is writing, and what gathers
// meanwhile is saved. Where it goes to one or two most is reading, of which short
// turns would make more.
func (b *budget) writes() int {
	if b.fanned < 4*b.received {
		return math.MaxInt
	}
	return turnWrites
}

// charge counts a received frame that led to so many queued ones.
func (b *budget) charge(s *Share, queued int) {
	cost := costFrame + queued
	b.spent += cost
	b.received++
	b.fanned += queued
	wide := queued > wideFanOut
	if wide {
		b.owed += queued
	}
	if s == nil {
		return
	}
	if s.turn != b.turn {
		s.turn, s.spent = b.turn, 0
	}
	s.spent += int32(cost)
	s.wide = wide
}

// paid counts writes to sockets of large groups.
func (b *budget) paid(writes int, rest int) {
	b.owed = max(0, b.owed-writes*wideBatch)
	if rest == 0 {
		b.owed = 0
	}
}

// mark is how much is queued and dirty before something is done.
type mark struct{ queued, dirty int }

func (s *Shard) mark() mark { return mark{s.budget.queued, len(s.dirty)} }

// account charges a share for what was done since the mark. The sockets of a
// large group are not all written to in this turn: small groups' frames pass
// between.
func (s *Shard) account(share *Share, before mark) {
	s.budget.charge(share, s.budget.queued-before.queued)
	if fresh := s.dirty[before.dirty:]; len(fresh) > wideFanOut {
		s.wide = append(s.wide, fresh...)
		clear(fresh)
		s.dirty = s.dirty[:before.dirty]
	}
}

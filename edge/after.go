package edge

// afterwards is what is to run when so many sockets have been flushed.
type afterwards struct {
	flushed int
	fn      func()
}

// AfterTurn runs fn when what was sent in this turn and before is with the kernel,
// or waits until a socket takes it: at the end of this turn, or of a later one if
// there are more sockets than one writes to. It is for the shard's goroutine, and
// fn must not send.
func (s *Shard) AfterTurn(fn func()) {
	s.after = append(s.after, afterwards{fn: fn, flushed: -1})
}

func (s *Shard) runAfter() {
	due := 0
	for i := range s.after {
		a := &s.after[i]
		if a.flushed < 0 {
			a.flushed = s.marked
		}
		if s.flushed < a.flushed {
			continue
		}
		a.fn()
		due = i + 1
	}
	if due > 0 {
		rest := copy(s.after, s.after[due:])
		clear(s.after[rest:])
		s.after = s.after[:rest]
	}
}

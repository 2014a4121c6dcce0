package edge

// Defer runs fn at the end of this turn of the loop, before what waits for the
// sockets is written: what leaves for other goroutines then is on its way while
// this one writes. It may be called on the shard's goroutine only, by a deferred
// function too.
func (s *Shard) Defer(fn func()) { s.deferred = append(s.deferred, fn) }

func (s *Shard) runDeferred() {
	for i := 0; i < len(s.deferred); i++ {
		fn := s.deferred[i]
		s.deferred[i] = nil
		fn()
	}
	s.deferred = s.deferred[:0]
}

package edge

import "github.com/gobwas/ws"

// Bounds of what a shard keeps for reuse.
const (
	spareFrames     = 1024
	spareFrameBytes = 4 << 10 // larger buffers are not kept
	spareOutboxes   = 4096
	spareRings      = 1024
)

// pool is what a shard keeps for reuse, so that its hot paths allocate nothing.
// It belongs to the shard's goroutine.
type pool struct {
	frames   []*Frame
	made     []*Frame // in this turn, and held until its end
	outboxes []*outbox
	rings    [][]*Frame // of keepers, all empty
}

// NewText is the function NewText with a buffer of the shard's, to be called on
// its goroutine. The frame is the caller's until the loop's turn ends; whoever
// keeps it longer, as Conn.Send does, must Hold it before that.
func (s *Shard) NewText(fill func(b []byte) []byte) *Frame {
	f := s.pool.frame()
	f.buf = fill(f.buf[:maxHeader])
	f.seal(f.buf, ws.OpText)
	f.holds.Store(1)
	s.pool.made = append(s.pool.made, f)
	return f
}

// Hold keeps a frame from being used again until Release. Any goroutine that
// has the frame may call it.
func (f *Frame) Hold() {
	if f.buf != nil {
		f.holds.Add(1)
	}
}

// Release undoes one Hold. It is called on the goroutine of s, any of the
// edge's shards.
func (f *Frame) Release(s *Shard) {
	if f.buf == nil {
		return
	}
	switch n := f.holds.Add(-1); {
	case n == 0:
		s.pool.put(f)
	case n < 0:
		panic("edge: a frame was released that nobody holds")
	}
}

func (p *pool) frame() *Frame {
	if n := len(p.frames); n > 0 {
		f := p.frames[n-1]
		p.frames[n-1] = nil
		p.frames = p.frames[:n-1]
		f.bulk, f.twin = false, twin{}
		return f
	}
	return &Frame{buf: make([]byte, maxHeader, 256)}
}

func (p *pool) put(f *Frame) {
	if cap(f.buf) <= spareFrameBytes && len(p.frames) < spareFrames {
		p.frames = append(p.frames, f)
	}
}

func (p *pool) outbox() *outbox {
	if n := len(p.outboxes); n > 0 {
		o := p.outboxes[n-1]
		p.outboxes[n-1] = nil
		p.outboxes = p.outboxes[:n-1]
		return o
	}
	return &outbox{}
}

func (p *pool) putOutbox(o *outbox) {
	if cap(o.frames)+cap(o.bulk) <= 64 && len(p.outboxes) < spareOutboxes {
		p.outboxes = append(p.outboxes, o)
	}
}

// ring is a list for what a keeper has, its length a power of two.
func (p *pool) ring() []*Frame {
	if n := len(p.rings); n > 0 {
		r := p.rings[n-1]
		p.rings[n-1] = nil
		p.rings = p.rings[:n-1]
		return r
	}
	return make([]*Frame, 8)
}

func (p *pool) putRing(r []*Frame) {
	if len(r) <= 64 && len(p.rings) < spareRings {
		p.rings = append(p.rings, r)
	}
}

// endTurn lets go of the frames that were made in the turn.
func (s *Shard) endTurn() {
	for i, f := range s.pool.made {
		s.pool.made[i] = nil
		f.Release(s)
	}
	s.pool.made = s.pool.made[:0]
}

// shrink halves what is spare. It comes with every tick of the wheel, so that a
// burst is not paid for ever after.
func (p *pool) shrink() {
	p.frames = halve(p.frames)
	p.outboxes = halve(p.outboxes)
	p.rings = halve(p.rings)
}

func halve[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	rest := len(list) / 2
	clear(list[rest:])
	return list[:rest]
}

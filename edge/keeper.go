package edge

// keeper has the last of the messages that one socket's transport took, the
// oldest first, until they are acknowledged or too many. It belongs to the
// socket's shard.
type keeper struct {
	bounds Keeping
	ring   []*Frame // length a power of two; nil: nothing is kept
	oldest int      // where it is in ring
	count  int
	bytes  int // weights together
}

// add keeps a frame, with the hold that the caller had of it, or drops all if it
// does not fit even alone: what is kept has no gaps.
func (k *keeper) add(f *Frame, s *Shard) {
	for weight := f.Weight(); !k.admits(weight); k.release(1, s) {
		if k.count == 0 {
			f.Release(s)
			return
		}
	}
	k.bytes += f.Weight()
	k.grow(s)
	k.ring[k.place(k.count)] = f
	k.count++
}

// admits takes from the node's allowance if the frame fits the bounds too.
func (k *keeper) admits(weight int) bool {
	b := &k.bounds
	return (b.Frames == 0 || k.count < b.Frames) &&
		(b.Bytes == 0 || k.bytes+weight <= b.Bytes) &&
		b.Node.Take(weight)
}

// grow makes place for one more.
func (k *keeper) grow(s *Shard) {
	switch {
	case k.ring == nil:
		k.ring, k.oldest = s.pool.ring(), 0
	case k.count == len(k.ring):
		larger := make([]*Frame, 2*len(k.ring))
		k.list(larger[:0])
		k.ring, k.oldest = larger, 0
	}
}

// place is where the i-th is in the ring.
func (k *keeper) place(i int) int { return (k.oldest + i) & (len(k.ring) - 1) }

// list appends what is kept.
func (k *keeper) list(frames []*Frame) []*Frame {
	for i := range k.count {
		frames = append(frames, k.ring[k.place(i)])
	}
	return frames
}

// release lets the n oldest go.
func (k *keeper) release(n int, s *Shard) {
	for range n {
		f := k.ring[k.oldest]
		k.ring[k.oldest] = nil
		k.oldest = k.place(1)
		k.count--
		k.bytes -= f.Weight()
		k.bounds.Node.Give(f.Weight())
		f.Release(s)
	}
	if k.count == 0 && k.ring != nil {
		s.pool.putRing(k.ring)
		k.ring = nil
	}
}

package edge

// Keeping bounds what a socket keeps of what was written; 0, or nil, is no bound.
type Keeping struct {
	Frames int
	Bytes  int        // Frame.Weight together
	Node   *Allowance // for all sockets that share it
}

// Keep has the text messages that are written from now on kept until they are
// acknowledged, for Remains. Where a bound would be passed the oldest are
// dropped. What waits to be written is not counted: the queue has its own bound.
// To call it again is to begin anew; after Handler.Closed it does nothing.
func (c *Conn) Keep(k Keeping) {
	if c.told {
		return
	}
	c.Forget()
	c.needExtra().kept = &keeper{bounds: k}
}

// Written is how many text messages the transport took whole: the kernel has
// them, or under TLS and on a stream a buffer on the way there. It may pass the
// peer's own count, never the other way round. Messages are numbered from 1 in
// the order in which they are written, which is the order of Send but for Bulk.
func (c *Conn) Written() int { return int(c.written) }

// Acknowledge is the peer's word that it has the first n text messages: those
// are kept no longer. It reports false, and does nothing, if so many were never
// written. Fewer than before is no news, and true.
func (c *Conn) Acknowledge(n int) bool {
	if n > c.Written() {
		return false
	}
	if k := c.keeper(); k != nil {
		k.release(max(0, n-(c.Written()-k.count)), c.shard)
	}
	return true
}

// Remains gives the text messages that the peer may not have: number first+1 and
// those that follow it, first what is kept, then what is not written whole, all
// as they were sent, without compression. The caller holds each and must Release
// it. Handler.Closed may ask too, of a socket that is lost as well.
//
// It is whole unless messages that waited were thrown away, as those of too slow
// a reader are, or Handler.Closed has returned: there are no frames then.
func (c *Conn) Remains() (first int, frames []*Frame, whole bool) {
	first = c.Written()
	if c.torn || c.told {
		return first, nil, false
	}
	if k := c.keeper(); k != nil {
		first -= k.count
		frames = k.list(make([]*Frame, 0, k.count+c.out.count()))
	}
	frames = c.out.texts(frames)
	for _, f := range frames {
		f.Hold()
	}
	return first, frames, true
}

// keeper is nil where nothing is to be kept.
func (c *Conn) keeper() *keeper {
	if c.extra == nil {
		return nil
	}
	return c.extra.kept
}

// Forget lets go of all that is kept, and keeps no more.
func (c *Conn) Forget() {
	if k := c.keeper(); k != nil {
		k.release(k.count, c.shard)
		c.extra.kept = nil
	}
}

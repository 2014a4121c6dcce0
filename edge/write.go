package edge

import "errors"

func (c *Conn) queue(f *Frame) {
	c.outbox().add(f)
	c.shard.budget.queued++
	c.markDirty()
}

// queueLast queues a frame that nothing comes after.
func (c *Conn) queueLast(f *Frame) {
	c.outbox().addLast(f)
	c.markDirty()
}

func (c *Conn) outbox() *outbox {
	if c.out == nil {
		c.out = c.shard.pool.outbox()
		c.out.deflate = c.deflate
	}
	return c.out
}

func (c *Conn) markDirty() {
	if !c.dirty && !c.blocked {
		c.dirty = true
		c.shard.marked++
		c.shard.dirty = append(c.shard.dirty, c)
	}
}

// writable is the transport's word that there is room again.
func (c *Conn) writable() {
	c.blocked = false
	c.markDirty()
}

// flush writes what waits, as much as the transport takes.
func (c *Conn) flush() {
	c.dirty = false
	c.shard.flushed++
	if c.state == stateDead {
		return
	}
	c.write()
	if c.out.empty() {
		c.letGo()
		c.finish()
	}
	if c.notify && c.state == stateOpen && c.little() {
		c.notify = false
		c.shard.later(c.drained)
	}
}

func (c *Conn) write() {
	for !c.out.empty() && !c.blocked {
		iov := c.out.vectors(c.shard.iov[:0])
		n, err := c.sock.writev(iov)
		clear(iov)
		if n > 0 {
			c.out.advance(n, c)
			c.shard.edge.cfg.Meter.BytesOut(n)
		}
		switch {
		case err == nil:
		case errors.Is(err, errAgain):
			c.await()
		default:
			c.broken()
		}
	}
}

// wrote is told of each frame that the transport took whole.
func (c *Conn) wrote(f *Frame) {
	if !f.text {
		f.Release(c.shard)
		return
	}
	c.written++
	if k := c.keeper(); k != nil {
		k.add(f, c.shard)
		return
	}
	f.Release(c.shard)
}

func (c *Conn) await() {
	c.blocked = true
	c.sock.awaitWritable()
}

// broken ends writing to a peer that takes no more. What it said last, perhaps
// a close frame, may still be to be read; the end of the stream comes behind it
// and ends the socket. Until then what waits is kept.
func (c *Conn) broken() {
	c.blocked = true
	if c.state != stateOpen {
		c.destroy()
	}
}

func (c *Conn) drop() {
	if c.out == nil {
		return
	}
	if n := c.out.count(); n > 0 {
		c.out.sent = 0 // also what is partly out
		c.out.truncate(c.shard)
		c.shard.edge.cfg.Meter.Dropped("closed", n)
	}
	c.letGo()
}

// letGo gives an empty outbox back.
func (c *Conn) letGo() {
	if c.out != nil {
		c.shard.pool.putOutbox(c.out)
		c.out = nil
	}
}

// finish ends our side of the stream after the last that is to be said.
func (c *Conn) finish() {
	if c.state == stateDead || c.state != stateClosed && !c.deaf {
		return
	}
	if _, err := c.sock.writev(nil); errors.Is(err, errAgain) {
		c.await()
		return
	}
	if c.state == stateClosed {
		c.destroy()
		return
	}
	c.sock.closeWrite()
}

// little reports whether NotifyDrained is to be answered.
func (c *Conn) little() bool { return c.out.size() <= c.shard.edge.cfg.OutboundBytes/4 }

// drained looks again: others may have sent since it was put off.
func (c *Conn) drained() {
	switch {
	case c.state != stateOpen:
	case c.little():
		c.handler.Drained()
	default:
		c.notify = true
	}
}

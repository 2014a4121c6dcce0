package edge

// Conn is one WebSocket. It belongs to its shard: all methods must be called
// on the shard's goroutine.
type Conn struct {
	// static after attach
	shard   *Shard
	handler Handler // nil: refused, only to be closed
	sock    transport
	address *addressCount // nil: not counted

	// owned by the shard
	in    *inbox  // nil: nothing is half received
	out   *outbox // nil: nothing waits
	extra *extra  // nil for most that are open
	share *Share  // of the group that the socket is in; nil: on its own

	// the wheel's: place in a slot's list, slot -1 for none
	next, prev *Conn
	slot       int32
	seen       int32 // tick of the last byte received

	state      connState
	deflate    bool // compression was negotiated; static after attach
	fragmented bool // the next data frame must be a continuation
	compressed bool // the message that is being received is
	dirty      bool // is in Shard.dirty or Shard.wide
	blocked    bool // the transport takes no more; waiting for writable
	paused     bool // PauseReading
	behind     bool // is in Shard.behind: received more than one turn handles
	notify     bool // NotifyDrained
	deaf       bool // what still comes is thrown away
	torn       bool // frames that waited were thrown away: a slow reader's
	told       bool // Handler.Closed is behind us

	written uint32 // text messages that the transport took whole

	own fdSocket // the transport, unless that is a stream
}

// inbox is what of a socket was received and not yet handled.
type inbox struct {
	partial []byte // bytes on the wire
	message []byte // payloads of a fragmented message so far
}

// extra is what few sockets need while they are open, and each as it ends: it
// is no part of what an idle one costs.
type extra struct {
	kept *keeper // nil: what is written is forgotten

	// once it ends
	how      Closure
	deadline int32 // tick at which it is given up
}

func (c *Conn) needExtra() *extra {
	if c.extra == nil {
		c.extra = &extra{}
	}
	return c.extra
}

type connState uint8

const (
	stateOpen    connState = iota
	stateClosing           // our close frame is queued or out; waiting for the peer's
	stateClosed            // both close frames seen; only what waits is still written
	stateDead              // given back to the system
)

// Shard is the shard that the socket belongs to.
func (c *Conn) Shard() *Shard { return c.shard }

// Join puts the socket in a group: those of one room, say. The group's sockets
// together take no more of a turn than its share while others wait.
func (c *Conn) Join(s *Share) { c.share = s }

// Send queues a frame; it leaves with all else that waits at the end of the
// loop's turn, or before, where the queue is full. If the kernel does not take
// enough then, the socket is closed as too slow a reader. It reports whether the
// frame was taken: false from a socket that is closing or gone, or that this
// frame found too slow.
func (c *Conn) Send(f *Frame) bool {
	if c.state != stateOpen {
		c.shard.edge.cfg.Meter.Dropped("closed", 1)
		return false
	}
	if !c.fits(f) {
		c.write() // one turn may bring more than a queue holds: that is not the reader's fault
	}
	if !c.fits(f) {
		dropped := 1
		if c.out != nil {
			dropped += c.out.truncate(c.shard)
		}
		c.torn = true
		c.shard.edge.cfg.Meter.Dropped("slow_reader", dropped)
		c.end(Closure{Code: codeSlowReader, Reason: "too slow a reader"})
		return false
	}
	c.queue(f)
	return true
}

func (c *Conn) fits(f *Frame) bool {
	return c.out.size()+f.form(c.deflate).Len() <= c.shard.edge.cfg.OutboundBytes
}

// Buffered is how many bytes wait for the socket.
func (c *Conn) Buffered() int { return c.out.size() }

// NotifyDrained asks for one Handler.Drained when at most a quarter of the
// queue's bound waits. It comes in a later turn of the loop, so that a handler
// that goes on sending from there does not hold up other sockets.
func (c *Conn) NotifyDrained() {
	c.notify = true
	c.markDirty()
}

// PauseReading stops Handler.Receive until ResumeReading; what the peer sends
// meanwhile waits in the kernel, and pushes back on the peer in the end. A
// paused socket is not pinged, and a peer that leaves it is noticed only after
// ResumeReading: pause for as long as an answer takes, not longer.
func (c *Conn) PauseReading() {
	if !c.paused && c.state == stateOpen {
		c.paused = true
		c.sock.setReading(false)
	}
}

// ResumeReading goes on reading. What was received already is handled in the
// next turn of the loop.
func (c *Conn) ResumeReading() {
	if c.paused {
		c.paused = false
		c.shard.later(c.catchUp)
	}
}

// Close sends what waits and a close frame, and gives the peer a little time to
// answer. Handler.Closed follows in this turn. Closing twice does nothing.
func (c *Conn) Close(code uint16, reason string) {
	if c.state == stateOpen {
		c.end(Closure{Code: code, Reason: reason})
	}
}

// Abandon closes a socket whose handler is to hear nothing more of it, not even
// that it is closed: somebody else has taken its place. Of one that is closing
// already only the handler is let go.
func (c *Conn) Abandon(code uint16, reason string) {
	c.Close(code, reason)
	c.handler = nil
}

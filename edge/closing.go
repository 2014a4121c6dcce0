package edge

import (
	"encoding/binary"
	"unicode/utf8"
)

// end is the one way out of stateOpen: the closing handshake of RFC 6455,
// section 7.1.2, begins, or with a lost peer the socket is simply given up.
func (c *Conn) end(how Closure) {
	c.needExtra().how = how
	if c.in != nil {
		c.in.message = nil
	}
	c.shard.ended = append(c.shard.ended, c)
	if how.Lost() {
		c.destroy()
		return
	}
	c.state = stateClosing
	if how.Remote {
		c.state = stateClosed
	}
	c.queueLast(closing(how))
	ticks := c.shard.ticks(c.shard.edge.cfg.CloseTimeout)
	c.extra.deadline = c.shard.wheel.now + ticks
	c.shard.wheel.schedule(c, ticks)
	c.ResumeReading() // to see the peer's close frame
}

// destroy gives the socket back to the system. What waits is kept until its
// handler knows, who may ask what remains.
func (c *Conn) destroy() {
	if c.state == stateDead {
		return
	}
	c.state = stateDead
	if c.told {
		c.drop()
	}
	c.deaf = true
	c.in = nil
	c.shard.wheel.remove(c)
	c.sock.close()
	c.shard.forget(c)
}

// conclude lets go of what was kept for the handler, who was told of the end.
func (c *Conn) conclude() {
	c.told = true
	c.Forget()
	if c.state == stateDead {
		c.drop()
	}
}

// lost is the transport's word that the peer is gone.
func (c *Conn) lost() {
	if c.state == stateOpen {
		c.end(Closure{Code: codeLost, Remote: true})
		return
	}
	c.destroy()
}

// peerClosed answers the peer's close frame with its own code (section 5.5.1),
// or ends the handshake that we began.
func (c *Conn) peerClosed(payload []byte) {
	if c.state != stateOpen {
		c.deaf = true
		c.state = stateClosed
		c.markDirty()
		return
	}
	how, fault := closureOf(payload)
	if fault != "" {
		c.fail(codeProtocol, fault)
		return
	}
	c.deaf = true // nothing may follow a close frame
	c.end(how)
}

// fail closes for a violation of the protocol (section 7.1.7). What still
// comes is read and thrown away: closing a TCP socket with bytes unread would
// reset it, and the peer might never see our close frame.
func (c *Conn) fail(code uint16, reason string) {
	c.deaf = true
	if c.state == stateOpen {
		c.end(Closure{Code: code, Reason: reason})
	}
}

// closureOf reads the payload of the peer's close frame (section 5.5.1), or
// says what is wrong with it.
func closureOf(payload []byte) (how Closure, fault string) {
	how = Closure{Code: codeNoStatus, Remote: true}
	switch {
	case len(payload) == 0:
		return how, ""
	case len(payload) == 1:
		return how, "close code cut short"
	}
	how.Code = binary.BigEndian.Uint16(payload)
	if !onWire(how.Code) {
		return how, "close code not allowed"
	}
	if !utf8.Valid(payload[2:]) {
		return how, "close reason is not UTF-8"
	}
	how.Reason = string(payload[2:])
	return how, ""
}

// onWire reports whether a close frame may carry code: section 7.4.2 and the
// registry that it opens, where 1012 to 1014 were added.
func onWire(code uint16) bool {
	switch {
	case code == 1004 || code == codeNoStatus || code == codeLost:
		return false
	case code >= 1000 && code <= 1014:
		return true
	default:
		return code >= 3000 && code <= 4999
	}
}

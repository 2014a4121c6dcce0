package edge

import (
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// feed takes received bytes from the transport. They are the caller's again
// when it returns.
func (c *Conn) feed(data []byte) {
	c.seen = c.shard.wheel.now
	c.shard.edge.cfg.Meter.BytesIn(len(data))
	c.digest(data)
}

// catchUp handles what was received while reading was paused, then goes on.
func (c *Conn) catchUp() {
	if c.paused || c.state == stateDead {
		return
	}
	c.seen = c.shard.wheel.now
	c.digest(nil)
	if !c.paused && c.state != stateDead {
		c.sock.setReading(true)
	}
}

// digest handles the complete frames of what is kept and data, as many as one
// turn allows, and keeps the rest: of an idle socket nothing.
func (c *Conn) digest(data []byte) {
	if c.deaf {
		return
	}
	var partial []byte
	if c.in != nil {
		partial = c.in.partial
	}
	kept := len(partial)
	seen := kept
	if len(data) == 0 {
		seen = 0 // it may have come while reading was paused, or in an earlier turn
	}
	if kept > 0 {
		partial = append(partial, data...)
		data = partial
	}
	rest := c.frames(data, seen)
	switch {
	case len(rest) == 0 || c.deaf:
		partial = nil
	case kept > 0:
		partial = partial[:copy(partial, rest)]
	default:
		partial = append([]byte(nil), rest...)
	}
	c.keep(partial)
}

// keep remembers what is to be handled later.
func (c *Conn) keep(partial []byte) {
	switch {
	case c.state == stateDead:
	case c.in == nil && partial == nil:
	case c.in == nil:
		c.in = &inbox{partial: partial}
	case c.in.message == nil && partial == nil:
		c.in = nil
	default:
		c.in.partial = partial
	}
}

// goOn handles what was received in an earlier turn.
func (c *Conn) goOn() {
	c.behind = false
	if c.paused || c.state == stateDead {
		return
	}
	if !c.shard.budget.allows(c.share) {
		c.fallBehind() // without a look at what is not to be handled
		return
	}
	c.digest(nil)
	if !c.paused && !c.behind && c.state != stateDead {
		c.sock.setReading(true)
	}
}

// frames handles complete frames in data and returns what follows them. An
// incomplete frame was looked at before as far as the first seen bytes go.
func (c *Conn) frames(data []byte, seen int) []byte {
	for len(data) > 0 && !c.deaf && !c.paused {
		h, size, err := c.shard.header(data)
		if size == 0 && err == nil {
			break
		}
		if err == nil {
			err = c.checkHeader(h)
		}
		if err != nil {
			c.fail(codeProtocol, err.Error())
			return nil
		}
		if h.OpCode.IsData() && h.Length > int64(c.most(h)-len(c.begun())) {
			c.fail(codeTooBig, "message too big")
			return nil
		}
		end := size + int(h.Length)
		if len(data) < end {
			if c.brokenSoFar(h, data[size:], seen-size) {
				c.fail(codeNotUTF8, notUTF8)
				return nil
			}
			break
		}
		if !c.shard.budget.allows(c.share) {
			c.fallBehind()
			break
		}
		payload := data[size:end]
		ws.Cipher(payload, h.Mask, 0)
		data, seen = data[end:], 0
		before := c.shard.mark()
		c.frame(h, payload)
		c.shard.account(c.share, before)
	}
	return data
}

// begun is what of a fragmented message has come.
func (c *Conn) begun() []byte {
	if c.in == nil {
		return nil
	}
	return c.in.message
}

// mayReceive reports whether the transport should read now, or leave what came
// where it is until a later turn.
func (c *Conn) mayReceive() bool { return !c.behind && c.shard.budget.allows(c.share) }

// fallBehind puts off what is received already to the next turn.
func (c *Conn) fallBehind() {
	if !c.behind {
		c.behind = true
		c.shard.behind = append(c.shard.behind, c)
	}
}

// checkHeader applies RFC 6455, sections 5.1 to 5.5.
func (c *Conn) checkHeader(h ws.Header) error {
	state := ws.StateServerSide
	if c.fragmented {
		state = state.Set(ws.StateFragmented)
	}
	if c.deflate {
		h = unmark(h)
	}
	return ws.CheckHeader(h, state)
}

// frame handles one frame. After our close frame only the peer's still counts,
// and where in a fragmented message the stream is.
func (c *Conn) frame(h ws.Header, payload []byte) {
	whole := h.Fin && !c.fragmented
	if h.OpCode.IsData() {
		c.compressed = c.isCompressed(h)
		c.fragmented = !h.Fin
	}
	switch {
	case h.OpCode == ws.OpClose:
		c.peerClosed(payload)
	case c.state != stateOpen:
	case h.OpCode == ws.OpPing:
		c.Send(control(ws.OpPong, payload))
	case h.OpCode == ws.OpPong:
		c.pong(payload)
	case h.OpCode == ws.OpBinary:
		c.fail(codeNotText, "text frames only")
	case whole:
		c.receive(payload)
	case !c.compressed && brokenText(c.begun(), payload):
		c.fail(codeNotUTF8, notUTF8)
	default:
		if c.in == nil {
			c.in = &inbox{}
		}
		c.in.message = append(c.in.message, payload...)
		if h.Fin {
			payload = c.in.message
			c.in.message = nil
			c.receive(payload)
		}
	}
}

func (c *Conn) receive(payload []byte) {
	if c.compressed {
		var ok bool
		if payload, ok = c.inflate(payload); !ok {
			return
		}
	}
	if !utf8.Valid(payload) {
		c.fail(codeNotUTF8, notUTF8)
		return
	}
	c.handler.Receive(payload)
}

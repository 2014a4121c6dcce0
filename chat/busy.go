package chat

import "parley/room"

// busyFrames is how many frames of one session may be at the store.
const busyFrames = 64

// busy is what of one session is at the store. Where that is much, the session
// is not read from until half of it is done: whoever sends faster than the disk
// is slowed, not refused; and what one sender gets stored with one commit does
// not swamp the sockets that it goes out to.
type busy struct {
	frames, bytes int
	paused        bool
}

// begin counts a frame that is on its way through the store, and what it will
// put on the others' sockets.
func (c *roomChat) begin(s *room.Session, bytes int) {
	b := c.busy[s]
	if b == nil {
		b = &busy{}
		put(&c.busy, s, b)
	}
	b.frames++
	b.bytes += bytes
	if !b.paused && (b.frames >= busyFrames || b.bytes >= s.Portion()) {
		b.paused = true
		s.PauseReading()
	}
}

func (c *roomChat) end(s *room.Session, bytes int) {
	b := c.busy[s]
	if b == nil {
		return // the session is gone
	}
	b.frames--
	b.bytes -= bytes
	if b.paused && b.frames <= busyFrames/2 && b.bytes <= s.Portion()/2 {
		b.paused = false
		s.ResumeReading()
	}
	if b.frames == 0 {
		drop(&c.busy, s)
	}
}

package client

import (
	"slices"

	"parley/protocol"
)

// outbox is what a session has to send and to have answered. Answers come in the
// frames that the server keeps for a session: so once a ping that was sent after a
// return is answered, what was sent before the return and is not answered has
// never reached the server.
type outbox struct {
	posted []*posted // in order
	lastID int
	asked  string // the id of that ping, until it is answered
}

// posted is a frame whose answer has not come.
type posted struct {
	id     string
	text   []byte
	answer chan Frame // nil: nobody waits; closed if none will come
	sent   bool
}

// begin begins with a new socket. It returns the ping to be sent on it first, nil
// if nothing was under way.
func (o *outbox) begin(nextID func() string) []byte {
	o.asked = ""
	if !slices.ContainsFunc(o.posted, func(p *posted) bool { return p.sent }) {
		return nil
	}
	o.asked = nextID()
	ping, _ := encode(outgoing{Type: protocol.TypePing, ID: o.asked}) // without data it cannot fail
	return ping
}

// next returns what is to be sent now, nil if that is nothing.
func (o *outbox) next() []byte {
	if o.asked != "" {
		return nil
	}
	for _, p := range o.posted {
		if !p.sent {
			p.sent = true
			return p.text
		}
	}
	return nil
}

// answered takes an answer to where it belongs, and returns false for any other frame.
func (o *outbox) answered(f Frame) bool {
	if f.ID == "" {
		return false
	}
	if f.ID == o.asked {
		o.asked = ""
		for _, p := range o.posted {
			p.sent = false
		}
		return true
	}
	i := slices.IndexFunc(o.posted, func(p *posted) bool { return p.id == f.ID })
	if i < 0 {
		return false
	}
	if answer := o.posted[i].answer; answer != nil {
		answer <- f
	}
	o.posted = slices.Delete(o.posted, i, i+1)
	return true
}

// fail gives up what is not answered.
func (o *outbox) fail() {
	for _, p := range o.posted {
		if p.answer != nil {
			close(p.answer)
		}
	}
	o.posted = nil
}

// write sends over a socket what is posted, ask before it, until the socket ends.
func (s *Session) write(k *Socket, ask []byte) {
	if ask != nil {
		_ = k.SendRaw(s.ctx, ask) // a lost socket is seen by its reader
	}
	for {
		s.mu.Lock()
		if s.socket != k {
			s.mu.Unlock()
			return
		}
		text, changed := s.out.next(), s.changed
		s.mu.Unlock()
		if text != nil {
			_ = k.SendRaw(s.ctx, text) // likewise
			continue
		}
		select {
		case <-changed:
		case <-k.Done():
			return
		}
	}
}

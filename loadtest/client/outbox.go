package client

import (
	"encoding/json"
	"slices"

	"parley/protocol"
)

// outbox is what a session has to send and to have answered. Answers come in the
// frames that the server keeps for a session: so once a question that was sent after
// a return is answered, what was sent before the return to the same place and is not
// answered has never reached the server. Only what waits for the server's store is
// answered later: chat messages are known by their client_msg_id.
type outbox struct {
	posted []*posted // in order
	lastID int
	asked  []string // the ids of those questions that are not answered yet
}

// place is where frames are dealt with in order: a channel of a room, on a
// multiplexed socket; otherwise zero.
type place struct {
	roomID  int64
	channel protocol.Channel
}

// posted is a frame whose answer has not come.
type posted struct {
	id     string
	to     place
	text   []byte
	answer chan Frame // nil: nobody waits; closed if none will come
	sent   bool
}

// begin begins with a new socket. It returns the questions to be sent on it first,
// one to each place to which something was under way.
func (o *outbox) begin(nextID func() string) (questions [][]byte) {
	o.asked = nil
	asked := make(map[place]bool)
	for _, p := range o.posted {
		if !p.sent || asked[p.to] {
			continue
		}
		asked[p.to] = true
		id := nextID()
		o.asked = append(o.asked, id)
		questions = append(questions, p.to.question(id))
	}
	return questions
}

// question is a frame that changes nothing and is answered: a ping, or in a room's
// channel, where that does not go, one that is refused.
func (at place) question(id string) []byte {
	f := outgoing{Type: protocol.TypePing, ID: id, RoomID: at.roomID}
	switch at.channel {
	case protocol.ChannelChat:
		f.Type, f.Data = protocol.TypeTyping, json.RawMessage(`{"note":0}`)
	case protocol.ChannelCall:
		f.Type, f.Data = protocol.TypePeerState, json.RawMessage(`{"peer_id":0}`)
	}
	text, _ := encode(f) // of such data it cannot fail
	return text
}

// next returns what is to be sent now, nil if that is nothing.
func (o *outbox) next() []byte {
	if len(o.asked) > 0 {
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
	if i := slices.Index(o.asked, f.ID); i >= 0 {
		if o.asked = slices.Delete(o.asked, i, i+1); len(o.asked) == 0 {
			for _, p := range o.posted {
				p.sent = false
			}
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

// write sends over a socket what is posted, the questions before it, until the
// socket ends.
func (s *Session) write(k *Socket, questions [][]byte) {
	for _, q := range questions {
		_ = k.SendRaw(s.ctx, q) // a lost socket is seen by its reader
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

package chat

import (
	"time"

	"parley/protocol"
	"parley/room"
)

// posted is a message that was stored, on its way to the room's sockets.
type posted struct {
	message   protocol.Message // of one that another node stored: its Seq only
	text      []byte           // its frame, where it is encoded already
	committed time.Time        // zero if another node did that
}

// size is what it counts for while it is kept.
func (p *posted) size() int { return len(p.text) + len(p.message.Content) + 256 }

// deliver takes a message that this node or another has stored, in whatever order
// they are heard of. It sends them to the sockets in the order of their seq, each
// once; what comes too early is kept until what was missed has come too, if need be
// from the store.
func (c *roomChat) deliver(m posted) {
	switch seq := m.message.Seq; {
	case seq <= c.lastSeq: // was sent, or there when the room was loaded: read by all who want it
	case !c.loaded:
		c.lastSeq = seq // whoever waits for the room reads up to it, at least
	case seq == c.lastSeq+1:
		c.send(m)
		c.narrow()
	default:
		c.reach(seq).keep(m)
	}
}

// send gives a message to all who are up to date: those who are in replays are
// held. These get it by their replay.
func (c *roomChat) send(m posted) {
	c.lastSeq = m.message.Seq
	var frame room.Frame
	if m.text == nil {
		frame = room.EncodeIn(c.room, protocol.TypeChatMessage, m.message)
	} else {
		frame = c.frame(protocol.TypeChatMessage, m.text)
	}
	c.room.BroadcastLive(protocol.ChannelChat, frame, room.Except{Sessions: c.had(c.lastSeq)})
	for _, p := range c.replays {
		p.delivered(c.lastSeq, frame)
	}
	if !m.committed.IsZero() {
		c.sent(m.committed)
	}
}

// frame is that of a text which was encoded before.
func (c *roomChat) frame(t protocol.Type, text []byte) room.Frame {
	return c.room.Fill(t, func(b []byte) []byte { return append(b, text...) })
}

// had lists the sessions that are up to date and have had seq already.
func (c *roomChat) had(seq int64) (had []*room.Session) {
	for s, has := range c.ahead {
		if seq <= has {
			had = append(had, s)
		}
		if seq >= has {
			drop(&c.ahead, s)
		}
	}
	return had
}

package signaling

import (
	"encoding/json"

	"parley/protocol"
	"parley/room"
	"parley/signaling/call"
)

// place is where a frame is parked: call decides what becomes of it there.
type place struct {
	session call.SessionID // whom it is for
	frame   call.FrameID
}

// parked is a frame that waits for a suspended peer.
type parked struct {
	frame room.Frame  // held
	id    protocol.ID // the sender's, of its frame
}

// parkedOverhead is what a frame that waits costs beside its data, in bytes: the
// envelope, the sender's names, and the lists that it is in.
const parkedOverhead = 512

func parkedBytes(e protocol.Envelope) int { return parkedOverhead + len(e.ID) + len(e.Data) }

func (c *roomCall) park(at place, f room.Frame, id protocol.ID) {
	if c.parked == nil {
		c.parked = make(map[place]parked)
	}
	f.Hold()
	c.parked[at] = parked{frame: f, id: id.Clone()}
}

// unpark forgets a frame and returns the id that its sender gave it.
func (c *roomCall) unpark(at place) protocol.ID {
	p := c.parked[at]
	c.room.Release(p.frame)
	delete(c.parked, at)
	return p.id
}

// deliver sends what waited to the peer that is back.
func (c *roomCall) deliver(a *call.Deliver) {
	to := c.byID[a.To]
	for _, frame := range a.Frames {
		at := place{a.To, frame}
		to.session.Send(c.parked[at].frame)
		c.unpark(at)
	}
}

func (c *roomCall) forget(a *call.Drop) {
	for _, frame := range a.Frames {
		c.unpark(place{a.For, frame})
	}
}

// expired tells a sender, which named its frame so, that it will not arrive.
func (c *roomCall) expired(a *call.SendExpired, id protocol.ID) {
	if p := c.byID[a.To]; p != nil {
		data := a.SignalExpired
		data.ID = json.RawMessage(id)
		p.session.Send(room.EncodeIn(c.room, protocol.TypeSignalExpired, data))
	}
}

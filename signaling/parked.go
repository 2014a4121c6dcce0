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
	from  call.SessionID
	epoch int64
}

// parkedOverhead is what a frame that waits costs beside its data, in bytes: the
// envelope, the sender's names, and the lists that it is in.
const parkedOverhead = 512

func parkedBytes(e protocol.Envelope) int { return parkedOverhead + len(e.ID) + len(e.Data) }

// park holds the frame. The id is not a part of what is read next.
func (c *roomCall) park(at place, w parked) {
	if c.parked == nil {
		c.parked = make(map[place]parked)
	}
	w.frame.Hold()
	c.parked[at] = w
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
	if a.Boot != "" {
		c.handOver(a)
		return
	}
	to := c.byID[a.To]
	for _, frame := range a.Frames {
		at := place{a.For, frame}
		if to != nil {
			c.give(to, c.parked[at].frame)
		}
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
	if a.Boot != "" {
		x := expiry{Session: a.To, What: a.SignalExpired, ID: json.RawMessage(id)}
		b, err := json.Marshal(x)
		if err != nil {
			panic("signaling: what has expired always encodes: " + err.Error())
		}
		c.write(a.Boot, letterExpired, b)
		return
	}
	if p := c.byID[a.To]; p != nil {
		data := a.SignalExpired
		data.ID = json.RawMessage(id)
		p.session.Send(room.EncodeIn(c.room, protocol.TypeSignalExpired, data))
	}
}

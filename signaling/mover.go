package signaling

import (
	"encoding/json"
	"time"

	"parley/protocol"
	"parley/room"
	"parley/signaling/call"
)

// packedPeer is what a call's session is, on its way to another node.
type packedPeer struct {
	PeerID string       `json:"peer_id"`
	Joined bool         `json:"joined,omitempty"`
	Boot   string       `json:"boot"` // of the node that packed it
	Upto   call.FrameID `json:"upto"` // the newest frame then
	// Known are the others in the call, which the client was told of.
	Known  []call.Companion `json:"known,omitempty"`
	Pairs  []call.Pair      `json:"pairs,omitempty"`
	Frames []packedFrame    `json:"frames,omitempty"` // that wait for it, in order
	// Sent are frames of its own that wait for peers of other nodes, in order for each.
	Sent []packedSignal `json:"sent,omitempty"`
	// Renew is when it is due for other ICE servers.
	Renew *time.Time `json:"renew,omitempty"`
}

type packedFrame struct {
	Type protocol.Type   `json:"type"`
	Text json.RawMessage `json:"text"`
}

// packedSignal is a frame for a peer, whose sender was told that it is queued.
type packedSignal struct {
	packedFrame
	To    call.Companion  `json:"to"`
	Epoch int64           `json:"epoch,omitempty"`
	ID    json.RawMessage `json:"id,omitempty"` // the sender's
}

// Pack implements room.Mover.
func (c *roomCall) Pack(s *room.Session) []byte {
	p := c.bySession[s]
	p.packed = true
	out := packedPeer{
		PeerID: c.call.Companion(p.id).PeerID, Joined: c.call.IsPeer(p.id), Boot: c.cfg.Boot, Upto: c.lastFrame,
		Known: c.call.Companions(p.id), Pairs: c.call.Pairs(p.id),
	}
	as, frames := c.call.Parked(p.id)
	for _, f := range frames {
		out.Frames = append(out.Frames, c.parked[place{as, f}].pack())
	}
	for _, o := range c.call.Outgoing(p.id) {
		w := c.parked[place{o.For, o.Frame}]
		out.Sent = append(out.Sent, packedSignal{w.pack(), o.To, o.Epoch, json.RawMessage(w.id)})
	}
	if p.renewal != nil {
		out.Renew = &p.renewal.due
	}
	b, err := json.Marshal(out)
	if err != nil {
		panic("signaling: a packed session always encodes: " + err.Error())
	}
	return b
}

// Unpack implements room.Mover: the session goes on as the member that it was.
func (c *roomCall) Unpack(s *room.Session, packed []byte) {
	var in packedPeer
	err := json.Unmarshal(packed, &in)
	if c.accord == nil || err != nil {
		c.Enter(s)
		return
	}
	c.arriveAs(s, &call.Brought{Boot: in.Boot, Frame: in.Upto}, func(p *peer) {
		p.arriving = false
		defer c.catchUp(p)
		if c.call.Companion(p.id).PeerID != in.PeerID || c.call.IsPeer(p.id) != in.Joined {
			// It was given up meanwhile; or came from a node that was cut off, and does not
			// stand as its client believes: that begins afresh.
			s.Close(protocol.CloseRestart, "not in the call as it was", protocol.LeaveTimeout)
			return
		}
		c.call.Restore(p.id, in.Pairs)
		for _, f := range in.Sent {
			c.sendOn(p, f)
		}
		c.perform(nil, c.call.Reacquaint(p.id, in.Known))
		for _, f := range in.Frames {
			s.Send(f.unpack(c.room))
		}
		c.renewAt(p, in.Renew) // at once, if it is past
	})
}

func (w parked) pack() packedFrame { return packedFrame{w.frame.Type, w.frame.Payload()} }

func (f packedFrame) unpack(r *room.Room) room.Frame {
	return r.Fill(f.Type, func(b []byte) []byte { return append(b, f.Text...) })
}

// sendOn has a frame that a peer brought along go on its way.
func (c *roomCall) sendOn(p *peer, f packedSignal) {
	frame := f.unpack(c.room)
	frame.Hold()
	x := &errand{
		peer: p, id: protocol.ID(f.ID), typ: f.Type, late: true,
		to: []target{{Companion: f.To, epoch: f.Epoch, frame: frame}},
	}
	c.enter(x)
	c.allow(x)
	c.became(x, &x.to[0], moved)
	c.finish(x)
}

// Moved implements room.Witness: a chat's session may have missed what the room was
// shown last.
func (c *roomCall) Moved(s *room.Session) {
	if c.accord == nil {
		return
	}
	c.accord.newcome = append(c.accord.newcome, s)
	if c.accord.version != 0 || c.accord.apart {
		c.tellNewcome()
	} else {
		c.look()
	}
}

// tellNewcome has them see the call's state, if anything is known of it.
func (c *roomCall) tellNewcome() {
	a := c.accord
	if a.version != 0 {
		for _, s := range a.newcome {
			s.Send(room.EncodeIn(c.room, protocol.TypeCallState, c.call.State()))
		}
	}
	a.newcome = nil
}

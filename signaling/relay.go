package signaling

import (
	"time"

	"parley/protocol"
	"parley/room"
	"parley/signaling/call"
)

// relay forwards an offer, answer, candidate or signal to its target, or to
// every other peer of the call.
func (c *roomCall) relay(p *peer, e protocol.Envelope) {
	target, err := e.Target()
	if err != nil {
		p.session.Fail(e.ID, err)
		return
	}
	c.lastFrame++
	c.delivery = protocol.Delivery{Delivery: protocol.Delivered}
	for _, a := range c.call.Step(call.Relay{
		Session: p.id, Target: call.Target(target), Type: e.Type, Frame: c.lastFrame, Bytes: parkedBytes(e),
	}) {
		switch a := a.(type) {
		case *call.Forward:
			c.forward(p, a, e)
			if !target.Everyone() {
				c.delivery.Epoch = a.To[0].Epoch
			}
		case *call.Drop:
			c.forget(a)
		case *call.SendExpired: // one of several targets has no room for it
			c.expired(a, e.ID)
		case *call.Reject:
			p.session.Fail(e.ID, a.Err)
			return
		}
	}
	c.svc.cfg.Meter.Relayed(string(e.Type), string(c.delivery.Delivery))
	p.session.Ack(e.ID, &c.delivery)
}

// encoding is a relayed frame as those get it for whom it is of one epoch.
type encoding struct {
	epoch int64
	frame room.Frame
}

// forward encodes the frame once for all its targets that see the same epoch.
func (c *roomCall) forward(p *peer, a *call.Forward, e protocol.Envelope) {
	if len(a.To) == 0 {
		return
	}
	if p.peerID != a.From.PeerID {
		p.peerID = a.From.PeerID
		p.sender = protocol.NewSender(*p.session.User(), p.peerID)
	}
	for _, r := range a.To {
		frame := c.encode(p, r.Epoch, &e)
		if r.Parked {
			c.park(place{r.Session, c.lastFrame}, frame, e.ID)
			c.delivery.Delivery = protocol.Queued
		} else if to := c.byID[r.Session]; to != nil {
			to.session.Send(frame)
		}
	}
	clear(c.encodings)
	c.encodings = c.encodings[:0]
}

func (c *roomCall) encode(p *peer, epoch int64, e *protocol.Envelope) room.Frame {
	for _, x := range c.encodings {
		if x.epoch == epoch {
			return x.frame
		}
	}
	frame := c.room.Fill(e.Type, func(b []byte) []byte {
		return protocol.AppendRelay(b, c.room.ID(), p.sender, epoch, e)
	})
	c.encodings = append(c.encodings, encoding{epoch, frame})
	return frame
}

// longestConnect is the longest time to a connection that is believed.
const longestConnect = 10 * time.Minute

// report takes a client's word on how a peer connection fares to the metrics.
func (c *roomCall) report(s *room.Session, e protocol.Envelope) {
	var in protocol.PeerState
	if err := protocol.DecodeData(e.Data, &in); err != nil {
		s.Fail(e.ID, err)
		return
	}
	switch in.State {
	case "connected", "failed", "closed":
	default:
		s.Fail(e.ID, protocol.Invalid("state", "must be connected, failed or closed"))
		return
	}
	c.svc.cfg.Meter.PeerReport(in.State, in.LocalCandidateType, in.RemoteCandidateType, in.Protocol)
	if in.MS != nil && in.State == "connected" {
		took := time.Duration(*in.MS * float64(time.Millisecond))
		if took >= 0 && took <= longestConnect {
			c.svc.cfg.Meter.PeerConnected(took)
		}
	}
	s.Ack(e.ID, protocol.Empty{})
}

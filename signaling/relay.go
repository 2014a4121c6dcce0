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
	var refused []*call.SendExpired
	passed := 0
	for _, a := range c.call.Step(call.Relay{
		Session: p.id, Target: call.Target(target), Type: e.Type, Frame: c.lastFrame, Bytes: parkedBytes(e),
	}) {
		switch a := a.(type) {
		case *call.Forward:
			across, missing := c.forward(p, a, e)
			if passed = len(a.To) - across - missing; missing > 0 && !target.Everyone() {
				p.session.Fail(e.ID, protocol.Errorf(protocol.CodePeerNotFound, "the target is no other peer of this call"))
				return
			}
			if !target.Everyone() {
				c.delivery.Epoch = a.To[0].Epoch
			}
		case *call.Deliver: // before the frame
			c.deliver(a)
		case *call.Drop:
			c.forget(a)
		case *call.SendExpired: // one of several targets has no room for it
			refused = append(refused, a)
		case *call.Reject:
			p.session.Fail(e.ID, a.Err)
			return
		}
	}
	if len(c.across) > 0 {
		c.begin(&errand{
			peer: p, id: e.ID.Clone(), typ: e.Type, everyone: target.Everyone(), delivery: c.delivery,
			passed: passed, refused: refused, to: c.across,
		})
		c.across = nil
		return
	}
	for _, a := range refused {
		c.expired(a, e.ID)
	}
	c.svc.cfg.Meter.Relayed(string(e.Type), string(c.delivery.Delivery))
	p.session.Ack(e.ID, &c.delivery)
}

// encoding is a relayed frame as those get it for whom it is of one epoch.
type encoding struct {
	epoch int64
	frame room.Frame
}

// forward encodes the frame once for all its targets that see the same epoch. It
// returns how many of these are on other nodes, to which the frame is yet to be sent,
// and how many are leaving.
func (c *roomCall) forward(p *peer, a *call.Forward, e protocol.Envelope) (across, missing int) {
	if len(a.To) == 0 {
		return 0, 0
	}
	if p.peerID != a.From.PeerID {
		p.peerID = a.From.PeerID
		p.sender = protocol.NewSender(*p.session.User(), p.peerID)
	}
	for _, r := range a.To {
		frame := c.encode(p, r.Epoch, &e)
		if r.Boot != "" {
			frame.Hold()
			c.across = append(c.across, target{Companion: c.call.Companion(r.Session), session: r.Session, boot: r.Boot, epoch: r.Epoch, frame: frame})
			across++
		} else if r.Parked {
			c.park(place{r.Session, c.lastFrame}, parked{frame: frame, id: e.ID.Clone(), from: p.id, epoch: r.Epoch})
			c.delivery.Delivery = protocol.Queued
		} else if to := c.byID[r.Session]; to != nil {
			c.give(to, frame)
		} else {
			missing++
		}
	}
	clear(c.encodings)
	c.encodings = c.encodings[:0]
	return across, missing
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

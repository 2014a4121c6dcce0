package signaling

import (
	crand "crypto/rand"
	"math/rand/v2"
	"time"

	"parley/protocol"
	"parley/room"
	"parley/signaling/call"
)

// What follows is what a room's call does with its sessions where there are other
// nodes: the same as without, once these agree. A session that waits for that is
// not read from, so that its frames are taken in their order.

// arriveAs is Enter, also for a session that comes from another node with what it
// brought. Then ready is called; one that brought something is told until then of
// nobody's coming and going.
func (c *roomCall) arriveAs(s *room.Session, brought *call.Brought, ready func(p *peer)) {
	p := &peer{id: call.SessionID(rand.Uint64()>>1 + 1), session: s, arriving: brought != nil}
	formerly := ""
	if brought != nil {
		formerly = s.ConnectionID()
	}
	c.bySession[s], c.byID[p.id] = p, p
	s.PauseReading()
	s.Welcome()
	s.Release()
	before := c.shows
	c.propose(call.Connect{
		Session: p.id, User: *s.User(), PeerID: crand.Text(), Conn: s.ConnectionID(),
		Formerly: formerly, Brought: brought,
	}, func(error) {
		c.showTo(p, before)
		ready(p)
		c.readOn(p)
	})
}

// showTo has a session see the call's state, unless the room was shown it since.
func (c *roomCall) showTo(p *peer, before uint64) {
	if c.shows == before {
		p.session.Send(room.EncodeIn(c.room, protocol.TypeCallState, c.call.State()))
	}
}

// readOn undoes one PauseReading.
func (c *roomCall) readOn(p *peer) {
	if !p.session.Gone() {
		p.session.ResumeReading()
	}
}

// back is Resume. What the client sent on its former socket is answered before
// anything is read from the new one: so its ping finds out what has not arrived.
func (c *roomCall) back(p *peer) {
	p.packed = false
	p.session.PauseReading()
	if p.errands > 0 {
		p.wait()
	}
	before := c.shows
	c.propose(call.Resume{Session: p.id}, func(error) {
		if c.call.Companion(p.id).PeerID == "" { // it was given up while it was away
			p.session.Close(protocol.CloseRestart, "no longer in the call", protocol.LeaveTimeout)
			return
		}
		c.showTo(p, before)
		c.perform(nil, c.call.Stay(p.id))
		c.readOn(p)
	})
}

// away is Leave.
func (c *roomCall) away(p *peer, why protocol.LeaveReason) {
	if why == protocol.LeaveMoved {
		c.stray(p.id)
		return
	}
	c.propose(call.Disconnect{Session: p.id, Reason: why}, func(error) {})
}

// stray notes a session that may be on its way from where the roster has it.
func (c *roomCall) stray(s call.SessionID) {
	a := c.accord
	if a.strays == nil {
		a.strays = make(map[call.SessionID]time.Time)
	}
	if _, known := a.strays[s]; !known {
		a.strays[s] = time.Now()
	}
}

func (c *roomCall) proposeJoin(p *peer, id protocol.ID) {
	p.session.PauseReading()
	p.answered = false
	c.propose(call.Join{
		Session: p.id, NextPeerID: crand.Text(), Formerly: p.session.Formerly(), At: uint64(time.Now().UnixMicro()),
	}, func(err error) {
		if err == nil && !p.answered { // it had joined before
			actions := c.call.Step(call.Join{Session: p.id})
			if err = call.Rejection(actions); err == nil {
				c.perform(nil, actions)
			}
		}
		if err != nil {
			p.session.Fail(id, err)
		} else {
			p.session.Ack(id, protocol.Empty{})
		}
		c.readOn(p)
	})
}

func (c *roomCall) proposeLeave(p *peer, id protocol.ID) {
	p.session.PauseReading()
	c.propose(call.Leave{Session: p.id}, func(error) {
		p.session.Ack(id, protocol.Empty{})
		c.readOn(p)
	})
}

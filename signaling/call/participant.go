package call

import (
	"slices"
	"time"

	"parley/protocol"
)

// participant is one connected call socket.
type participant struct {
	session SessionID
	user    protocol.User
	peerID  string
	state   protocol.ParticipantState // absent when it has left the call
	joined  uint64                    // which join of the call made it a peer; 0 before
	home    *home                     // nil where there is one node; not changed but replaced

	// Of a peer.
	links    []link         // with others, since the one or the other first spoke
	deadline *protocol.Time // while suspended; a pointer is as old as the time that it points to
	parked   parking        // what is for it, while suspended
}

// absent is the state of a socket that left the call and is still open. It is
// never shown.
const absent protocol.ParticipantState = ""

// The five functions below are the only ones that change a participant's
// state.

func (c *Call) becomeConnecting(p *participant) {
	p.state = protocol.ParticipantConnecting
	s := c.seatOf(p.user.ID)
	s.waiting = append(s.waiting, p)
}

// becomeActive makes p a peer by a join of the call: the latest, but where a roster
// says otherwise.
func (c *Call) becomeActive(p *participant, join uint64) {
	s := c.seatOf(p.user.ID)
	s.waiting = without(s.waiting, p)
	c.absent = without(c.absent, p)
	s.peer = p
	p.joined = join
	at := len(c.peers)
	for at > 0 && c.peers[at-1].joined > join {
		at--
	}
	c.peers = slices.Insert(c.peers, at, p)
	p.state = protocol.ParticipantActive
}

func (c *Call) becomeSuspended(p *participant, until time.Time) {
	p.state = protocol.ParticipantSuspended
	if p.deadline == nil || !p.deadline.Equal(until) {
		deadline := protocol.At(until)
		p.deadline = &deadline
	}
}

func (c *Call) becomeResumed(p *participant) {
	p.state = protocol.ParticipantActive
	p.deadline = nil
}

func (c *Call) becomeAbsent(p *participant) {
	s := c.seatOf(p.user.ID)
	s.waiting = without(s.waiting, p)
	if s.peer == p {
		s.peer = nil
		c.peers = without(c.peers, p)
	}
	p.state = absent
	p.deadline = nil
}

// politeTo is p's own role towards q in perfect negotiation: of two peers the
// one that joined later is polite.
func (p *participant) politeTo(q *participant) bool { return p.joined > q.joined }

// IsPeer reports whether a session has joined the call, and has not left it.
func (c *Call) IsPeer(s SessionID) bool {
	p := c.sessions[s]
	return p != nil && p.isPeer()
}

// isPeer reports whether p has joined the call.
func (p *participant) isPeer() bool {
	return p.state != absent && p.state != protocol.ParticipantConnecting
}

// othersThan appends to dst the sessions of this node's joined peers but p, in
// the order they joined.
func (c *Call) othersThan(p *participant, dst []SessionID) []SessionID {
	for _, q := range c.peers {
		if q != p && c.local(q) {
			dst = append(dst, q.session)
		}
	}
	return dst
}

func without(ps []*participant, p *participant) []*participant {
	return slices.DeleteFunc(ps, func(q *participant) bool { return q == p })
}

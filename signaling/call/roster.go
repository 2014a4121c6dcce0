package call

import (
	"iter"
	"slices"

	"parley/protocol"
)

// Roster is who is in a call, on all nodes: what these agree on, and the part of a
// Call that is not one node's own.
type Roster struct {
	ID        string      `json:"id"`    // of this line of rosters; another one follows where all was lost
	Members   []Member    `json:"peers"` // in the order in which they are shown, then those who have left
	Joins     uint64      `json:"joins"`
	WasActive bool        `json:"was_active,omitempty"`
	Gone      []Departure `json:"gone,omitempty"` // the latest, oldest first
	// Merged are the nodes, by boot, that know this line of rosters although they
	// knew another.
	Merged []string `json:"merged,omitempty"`
}

// Member is a connected session.
type Member struct {
	Session   SessionID                 `json:"session"`
	Conn      string                    `json:"conn"`
	Boot      string                    `json:"boot"`
	User      protocol.User             `json:"user"`
	PeerID    string                    `json:"peer_id"`
	State     protocol.ParticipantState `json:"state,omitempty"` // "" of one that has left
	Joined    uint64                    `json:"joined,omitempty"`
	Deadline  *protocol.Time            `json:"deadline,omitempty"`
	Adoptions int64                     `json:"adoptions,omitempty"`
	Brought   *Brought                  `json:"brought,omitempty"` // by the last of these
	Claimed   uint64                    `json:"claimed,omitempty"` // by a Join of that number
}

// Departure tells why a peer, or a session that its node would not miss, is no more.
type Departure struct {
	PeerID string               `json:"peer_id"`
	UserID int64                `json:"user_id"`
	Reason protocol.LeaveReason `json:"reason"`
}

// mostGone is how many departures a roster tells of: who has missed more
// takes the others for lost.
const mostGone = 16

// From makes the Call that a roster is of, on the node that cfg names.
func From(cfg Config, r Roster) *Call {
	c := New(cfg)
	c.follow(r)
	c.begin()
	return c
}

// Roster is the call's. It shares nothing with it that changes.
func (c *Call) Roster() Roster {
	r := Roster{ID: c.id, Members: []Member{}, Joins: c.joins, WasActive: c.wasActive, Gone: slices.Clone(c.gone), Merged: slices.Clone(c.merged)}
	for p := range c.all() {
		r.Members = append(r.Members, p.member())
	}
	return r
}

func (p *participant) member() Member {
	m := Member{
		Session: p.session, User: p.user, PeerID: p.peerID, State: p.state, Deadline: p.deadline,
	}
	if p.isPeer() {
		m.Joined = p.joined
	}
	if p.home != nil {
		m.Conn, m.Boot, m.Adoptions, m.Brought = p.home.conn, p.home.boot, p.home.adoptions, p.home.brought
		m.Claimed = p.home.claimed
	}
	return m
}

// IsPeer reports whether the member has joined.
func (m *Member) IsPeer() bool { return m.Joined > 0 }

// all are the participants in a roster's order. The Call must not change meanwhile.
func (c *Call) all() iter.Seq[*participant] {
	return func(yield func(*participant) bool) {
		for _, s := range c.seats {
			if s.peer != nil && !yield(s.peer) {
				return
			}
			for _, p := range s.waiting {
				if !yield(p) {
					return
				}
			}
		}
		for _, p := range c.absent {
			if !yield(p) {
				return
			}
		}
	}
}

// Peers counts who has joined, on all nodes and on this one.
func (c *Call) Peers() (all, here int) {
	for _, p := range c.peers {
		if c.local(p) {
			here++
		}
	}
	return len(c.peers), here
}

// Continues reports whether a roster goes on from what this node knows, so that
// the call may Follow it. It does not if this node has members that it has not, and
// does not tell of: what they rest on was lost, and is to be merged.
func (c *Call) Continues(r Roster) bool {
	if len(c.sessions) == 0 {
		return true
	}
	for p := range c.all() {
		if c.local(p) && r.Find(p.peerID) == nil && !r.has(p.session) {
			if _, told := r.Departed(p.peerID); !told {
				return false
			}
		}
	}
	return r.ID == c.id
}

// departed notes for the other nodes why p is gone.
func (c *Call) departed(p *participant, why protocol.LeaveReason) {
	if c.cfg.Boot == "" {
		return
	}
	c.gone = append(c.gone, Departure{p.peerID, p.user.ID, why})
	c.gone = slices.Clone(c.gone[max(0, len(c.gone)-mostGone):])
}

// Departed is what the roster tells of a peer's going, if it does.
func (r *Roster) Departed(peerID string) (why protocol.LeaveReason, told bool) {
	for _, d := range slices.Backward(r.Gone) {
		if d.PeerID == peerID {
			return d.Reason, true
		}
	}
	return protocol.LeaveTimeout, false
}

// has reports whether a session is a member, perhaps under another peer id.
func (r *Roster) has(s SessionID) bool {
	return slices.ContainsFunc(r.Members, func(m Member) bool { return m.Session == s })
}

// Find is the member with a peer id, or nil.
func (r *Roster) Find(peerID string) *Member {
	for i := range r.Members {
		if r.Members[i].PeerID == peerID {
			return &r.Members[i]
		}
	}
	return nil
}

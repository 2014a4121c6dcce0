package call

import "parley/protocol"

// Companion is another peer, as a peer knows it.
type Companion struct {
	PeerID string `json:"peer_id"`
	UserID int64  `json:"user_id"`
}

// Companion is who has a session, nobody if it is unknown.
func (c *Call) Companion(s SessionID) Companion {
	if p := c.sessions[s]; p != nil {
		return Companion{p.peerID, p.user.ID}
	}
	return Companion{}
}

// Companions are the others in the call of a session that has joined, which was told
// of each of them.
func (c *Call) Companions(s SessionID) (known []Companion) {
	p := c.sessions[s]
	if p == nil || !p.isPeer() {
		return nil
	}
	for _, q := range c.peers {
		if q != p {
			known = append(known, Companion{q.peerID, q.user.ID})
		}
	}
	return known
}

// Reacquaint has a session that has joined be told what has changed since it knew
// those companions, on another node: who is gone leaves, then who is new comes. What
// Step says of actions holds.
func (c *Call) Reacquaint(s SessionID, known []Companion) []Action {
	c.begin()
	p := c.sessions[s]
	if p == nil || !p.isPeer() {
		return c.actions
	}
	to, met := []SessionID{s}, make(map[string]bool, len(known))
	for _, k := range known {
		met[k.PeerID] = true
		if q := c.member(k.PeerID); q == nil || !q.isPeer() {
			why, told := (&Roster{Gone: c.gone}).Departed(k.PeerID)
			if q != nil && !told {
				why = protocol.LeaveLeft
			}
			c.do(&SendUserLeft{To: to, UserLeft: protocol.UserLeft{UserID: k.UserID, PeerID: k.PeerID, Reason: why}})
		}
	}
	for _, q := range c.peers {
		if q != p && !met[q.peerID] {
			c.tellOf(q, to, p.politeTo(q))
		}
	}
	return c.actions
}

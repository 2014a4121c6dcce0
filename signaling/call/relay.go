package call

import "parley/protocol"

// relay chooses who gets a frame. It is the hot path of a call: it allocates
// only to reject.
func (c *Call) relay(e Relay) {
	from := c.sessions[e.Session]
	if from == nil || !from.isPeer() {
		c.reject(e.Session, protocol.CodeNotInCall, "join the call first")
		return
	}
	to := c.forward.To[:0]
	if e.Target.everyone() {
		to = c.othersThan(from, to)
	} else {
		target := c.peer(e.Target)
		if target == nil || target == from {
			c.reject(e.Session, protocol.CodePeerNotFound, "the target is no other peer of this call")
			return
		}
		to = append(to, target.session)
	}
	c.forward = Forward{To: to, From: Sender{
		UserID:   from.user.ID,
		Username: from.user.Username,
		PeerID:   from.peerID,
	}}
	c.do(&c.forward)
}

// peer finds the joined peer that a target names, or nil.
func (c *Call) peer(t Target) *participant {
	for _, p := range c.peers {
		if t.names(p) {
			return p
		}
	}
	return nil
}

func (t Target) names(p *participant) bool {
	if len(t.PeerID) > 0 {
		return string(t.PeerID) == p.peerID
	}
	return t.UserID == p.user.ID
}

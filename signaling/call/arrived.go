package call

import "parley/protocol"

// arrived passes on what a peer of another node sends to one of this node's. If it
// cannot be passed on, the Reject is for the node that it came from.
func (c *Call) arrived(e Arrived) {
	from, to := c.sessions[e.From], c.sessions[e.Session]
	if from == nil || to == nil || !from.isPeer() || !to.isPeer() || !c.local(to) {
		c.reject(e.From, protocol.CodePeerNotFound, "the target is no peer of this call")
		return
	}
	c.hand(from, to, parked{id: e.Frame, from: from, typ: e.Type, epoch: e.Epoch, bytes: e.Bytes}, c.recipient(to))
	if negotiates(e.Type) {
		from.linkTo(to).speak(e.Type, e.Epoch)
	}
}

// returned finds another way for what a node did not take.
func (c *Call) returned(e Return) {
	from, to := c.sessions[e.Session], c.peer(Target{PeerID: []byte(e.PeerID)})
	if from == nil || to == nil || !from.isPeer() {
		c.reject(e.Session, protocol.CodePeerNotFound, "the target is no other peer of this call")
		return
	}
	r := c.recipient(to)
	if e.Behind || to.parked.has(from) || r.Boot != "" && (r.Boot == e.Boot || !c.reaches(to)) {
		r = Recipient{Session: to.session, Parked: true}
	}
	c.hand(from, to, parked{id: e.Frame, from: from, typ: e.Type, epoch: e.Epoch, bytes: e.Bytes}, r)
}

// hand is the Forward of a frame whose epoch is given to one recipient.
func (c *Call) hand(from, to *participant, f parked, r Recipient) {
	if r.Parked {
		if !c.park(to, f) {
			c.reject(from.session, protocol.CodeUnavailable, "the target is away and too much waits for it")
			return
		}
		r.Session = to.parked.as
	}
	r.Epoch = f.epoch
	c.forward = Forward{To: append(c.forward.To[:0], r), From: Sender{
		UserID:   from.user.ID,
		Username: from.user.Username,
		PeerID:   from.peerID,
	}}
	c.do(&c.forward)
}

package call

import "parley/protocol"

// home is where a session's socket is, or was.
type home struct {
	conn      string // names its connection among those of all nodes
	boot      string // of the node
	adoptions int64  // how often a node took it on from another
	brought   *Brought
	claimed   uint64 // the Join.At by which the session took the place of another; 0: it did not
}

// local reports whether p is a session of this node.
func (c *Call) local(p *participant) bool { return p.home == nil || p.home.boot == c.cfg.Boot }

// away is the node of a session that is not this one's, "" of one that is.
func (c *Call) away(p *participant) string {
	if c.local(p) {
		return ""
	}
	return p.home.boot
}

func (c *Call) dead(boot string) bool { return c.cfg.Nodes != nil && c.cfg.Nodes.Dead(boot) }

func (p *participant) adoptions() int64 {
	if p.home == nil {
		return 0
	}
	return p.home.adoptions
}

func (p *participant) sharesHome(q *participant) bool {
	return p.home == q.home || p.home.boot == q.home.boot
}

// becomeNew gives p, which has left, another peer id: what it had with others is
// another's.
func (p *participant) becomeNew(peerID string) {
	p.peerID = peerID
	if p.home != nil && p.home.adoptions > 0 {
		p.home = &home{conn: p.home.conn, boot: p.home.boot}
	}
}

// formerly finds whom a user's session takes the place of, or nil.
func (c *Call) formerly(conn string, userID int64) *participant {
	if conn == "" {
		return nil
	}
	for p := range c.all() {
		if p.home != nil && p.home.conn == conn && p.user.ID == userID {
			return p
		}
	}
	return nil
}

// adopt makes p the session that comes, at this node.
func (c *Call) adopt(p *participant, s SessionID, at *home) {
	at.boot, at.adoptions = c.cfg.Boot, p.home.adoptions+1
	c.rehome(p, s, at)
	if p.state == protocol.ParticipantSuspended {
		c.becomeResumed(p)
	}
}

// goOn lets p, which was adopted, and others have what waits here.
func (c *Call) goOn(p *participant) {
	c.publish()
	c.handOver(p)
	c.passOn(p)
}

// rehome moves p to another session. The one that it was, if it is this node's, is
// closed.
func (c *Call) rehome(p *participant, to SessionID, at *home) {
	was, local := p.session, c.local(p)
	p.home = at
	if was == to {
		return
	}
	delete(c.sessions, was)
	c.sessions[to] = p
	p.session = to
	if local {
		c.do(&Evict{Session: was})
	}
}

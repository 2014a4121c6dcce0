package peer

import (
	"context"

	"parley/loadtest/client"
	"parley/protocol"
)

// receive reads what comes from the server to its end. A peer that the server has
// dismissed hangs up; one whose socket was lost goes on with its calls.
func (p *Peer) receive(ctx context.Context) {
	defer close(p.done)
	for {
		f, err := p.session.Next(ctx)
		if err != nil {
			break
		}
		if p.cfg.Observe != nil {
			p.cfg.Observe(f)
		}
		p.take(f)
	}
	if code, err := p.session.CloseCode(ctx); err == nil && !code.ComeBack() {
		p.hangUp()
	}
}

// take acts on one frame. What it does not understand is not for it.
func (p *Peer) take(f client.Frame) {
	switch f.Type {
	case protocol.TypeWelcome:
		var in protocol.Welcome
		if f.Into(&in) == nil && !in.Resumed {
			p.rejoin()
		}
	case protocol.TypeCallJoined:
		var in protocol.CallJoined
		if f.Into(&in) == nil {
			p.enter(in)
		}
	case protocol.TypeICEServers:
		var in protocol.ICEServers
		if f.Into(&in) == nil {
			p.use(in.ICEServers)
		}
	case protocol.TypeUserJoined:
		var in protocol.UserJoined
		if f.Into(&in) == nil {
			p.add(in.User.ID, in.PeerID, in.Polite, true)
		}
	case protocol.TypeUserLeft:
		var in protocol.UserLeft
		if f.Into(&in) == nil {
			p.drop(in.PeerID, in.Reason)
		}
	case protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate:
		var in signal
		if f.Into(&in) != nil {
			return
		}
		if l := p.link(in.From); l != nil {
			l.post(func() { l.signal(f.Type, in) })
		}
	}
}

// enter takes the answer to join_call. It may come more than once.
func (p *Peer) enter(in protocol.CallJoined) {
	p.mu.Lock()
	p.id = in.PeerID
	p.mu.Unlock()
	p.use(in.ICEServers)
	for _, other := range in.Participants {
		p.add(other.UserID, other.PeerID, other.Polite, p.cfg.Eager)
	}
	p.once.Do(func() { close(p.joined) })
}

// use has connections that are made from now on use what the server names, unless the
// peer was told otherwise.
func (p *Peer) use(named []protocol.ICEServer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.servers = p.cfg.ICEServers; p.servers == nil {
		p.servers = iceServers(named)
	}
}

// rejoin joins the call anew, as another peer, if this one had joined it before: to
// the others it is gone.
func (p *Peer) rejoin() {
	p.mu.Lock()
	before := p.id
	p.id = ""
	p.mu.Unlock()
	if before != "" {
		p.hangUp()
		_ = p.session.Post(protocol.TypeJoinCall, nil) // fails only where the session is over
	}
}

func (p *Peer) link(peerID string) *Link {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.links[peerID]
}

// add makes the link to another peer. Whoever was in the call before offers.
func (p *Peer) add(userID int64, peerID string, polite, offers bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.links[peerID] != nil {
		return
	}
	l := newLink(p, userID, peerID, polite, offers)
	pc, err := p.api.NewPeerConnection(p.cfg.connection(p.servers))
	if err != nil {
		l.fail(err)
		l.end("")
		close(l.ended)
	} else {
		l.start(pc)
	}
	p.links[peerID] = l
	p.announce()
}

// drop ends the link to a peer that is gone.
func (p *Peer) drop(peerID string, why protocol.LeaveReason) {
	p.mu.Lock()
	l := p.links[peerID]
	delete(p.links, peerID)
	p.announce()
	p.mu.Unlock()
	if l != nil {
		l.end(why)
	}
}

// announce wakes those who wait for a link. p.mu is held.
func (p *Peer) announce() {
	close(p.changed)
	p.changed = make(chan struct{})
}

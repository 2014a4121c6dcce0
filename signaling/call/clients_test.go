package call_test

import (
	"fmt"
	"slices"

	"parley/protocol"
	"parley/signaling/call"
)

// clients plays the browsers: each keeps its own view of the call from nothing
// but what it is sent. An action that a browser could not make sense of is an
// error.
type clients struct {
	views map[call.SessionID]view
}

// view is what one browser knows: the other peers by peer id, with its own role
// towards each.
type view map[string]bool

// receive applies one action; live holds the sessions that are still there.
func (cs *clients) receive(a call.Action, live []call.SessionID) error {
	switch a := a.(type) {
	case *call.SendJoined:
		return cs.joined(a, live)
	case *call.SendUserJoined:
		return cs.each(a.To, live, func(v view) error {
			if _, known := v[a.PeerID]; known {
				return fmt.Errorf("user_joined of %s, who is there already", a.PeerID)
			}
			v[a.PeerID] = a.Polite
			return nil
		})
	case *call.SendUserLeft:
		return cs.each(a.To, live, func(v view) error {
			if _, known := v[a.PeerID]; !known {
				return fmt.Errorf("user_left of %s, who is not there", a.PeerID)
			}
			delete(v, a.PeerID)
			return nil
		})
	case *call.SendExpired:
		return cs.each([]call.SessionID{a.To}, live, knows(a.PeerID))
	case *call.Forward:
		to := make([]call.SessionID, len(a.To))
		for i, r := range a.To {
			to[i] = r.Session
		}
		return cs.each(to, live, knows(a.From.PeerID))
	case *call.Replace:
		if slices.Contains(live, a.Session) {
			return fmt.Errorf("s%d is replaced but not forgotten", a.Session)
		}
		delete(cs.views, a.Session)
	}
	return nil
}

// knows fails in a browser that does not know a peer.
func knows(peerID string) func(view) error {
	return func(v view) error {
		if _, known := v[peerID]; !known {
			return fmt.Errorf("something of %s, who is not there", peerID)
		}
		return nil
	}
}

func (cs *clients) joined(a *call.SendJoined, live []call.SessionID) error {
	if !slices.Contains(live, a.To) {
		return fmt.Errorf("call_joined to s%d, which is gone", a.To)
	}
	v := view{}
	for _, p := range a.Peers {
		if suspended := p.State == protocol.ParticipantSuspended; suspended != (p.Deadline != nil) {
			return fmt.Errorf("call_joined lists %s, who is %s, with deadline %v", p.PeerID, p.State, p.Deadline)
		} else if !suspended && p.State != protocol.ParticipantActive {
			return fmt.Errorf("call_joined lists %s, who is %s", p.PeerID, p.State)
		}
		v[p.PeerID] = p.Polite
	}
	if old, again := cs.views[a.To]; again && fmt.Sprint(old) != fmt.Sprint(v) {
		return fmt.Errorf("s%d asks again and is told %v instead of %v", a.To, v, old)
	}
	cs.views[a.To] = v
	return nil
}

// each applies f to the view of every session addressed, all of which must be
// there and have joined.
func (cs *clients) each(to, live []call.SessionID, f func(view) error) error {
	for _, id := range to {
		if !slices.Contains(live, id) {
			return fmt.Errorf("s%d is addressed, which is gone", id)
		}
		v, ok := cs.views[id]
		if !ok {
			return fmt.Errorf("s%d is addressed, which has not joined", id)
		}
		if err := f(v); err != nil {
			return fmt.Errorf("s%d is told of %w", id, err)
		}
	}
	return nil
}

// agree compares every view with the peers there really are, and the roles of
// each pair with each other.
func (cs *clients) agree(peers []*modelSession) error {
	if len(cs.views) != len(peers) {
		return fmt.Errorf("%d clients believe to be in the call, %d are", len(cs.views), len(peers))
	}
	for _, p := range peers {
		v := cs.views[p.id]
		if len(v) != len(peers)-1 {
			return fmt.Errorf("s%d sees %v, there are %d others", p.id, v, len(peers)-1)
		}
		for _, q := range peers {
			if p == q {
				continue
			}
			mine, known := v[q.peerID]
			if !known {
				return fmt.Errorf("s%d does not see %s", p.id, q.peerID)
			}
			if theirs := cs.views[q.id][p.peerID]; mine == theirs {
				return fmt.Errorf("s%d and s%d both believe polite=%v", p.id, q.id, mine)
			}
		}
	}
	return nil
}

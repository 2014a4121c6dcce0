package cluster

import (
	"fmt"
	"time"
)

// stay is what a line, while in a call, was told of the others.
type stay struct {
	known map[string]bool
	gone  map[string]bool // of all of the line's stays
	in    bool

	divided bool // nodes may not know of each other now
}

// returns tells whether a peer is there that has left. Where nodes do not know of each
// other one may have it still, of which the line was told by another that it left.
func (s *stay) returns(peer string) bool {
	if s.divided {
		delete(s.gone, peer)
	}
	return s.gone[peer]
}

// judgeLeaves: who is in a call is told of each other's coming and leaving once, and
// nobody who has left is there again.
func judgeLeaves(t Trial) (bad []Violation) {
	for _, l := range t.Lines {
		for _, room := range l.Calls {
			s := stay{gone: make(map[string]bool)}
			for _, e := range l.Events {
				s.divided = t.divided(e.At)
				for _, what := range s.step(e.Fact, room) {
					bad = append(bad, Violation{"leaves", l.Name, e.At, fmt.Sprintf("room %d, socket %d of %s: %s", room, e.Socket, e.Node, what)})
				}
			}
		}
	}
	return bad
}

// step goes on by a fact and tells what is wrong with it.
func (s *stay) step(fact Fact, room int64) (bad []string) {
	switch f := fact.(type) {
	case Joined:
		if f.Room != room {
			return nil
		}
		s.in, s.known = true, make(map[string]bool)
		for _, p := range f.Others {
			s.known[p] = true
			if s.returns(p) {
				bad = append(bad, "peer "+p+" had left, and is in the call that was joined")
			}
		}
	case PeerCame:
		if f.Room != room || !s.in {
			return nil
		}
		if s.known[f.Peer] {
			bad = append(bad, "peer "+f.Peer+" comes, and was there")
		}
		if s.returns(f.Peer) {
			bad = append(bad, "peer "+f.Peer+" comes, and had left")
		}
		s.known[f.Peer] = true
	case PeerLeft:
		if f.Room != room || !s.in {
			return nil
		}
		if !s.known[f.Peer] {
			bad = append(bad, fmt.Sprintf("peer %s leaves (%s), and was not there", f.Peer, f.Reason))
		}
		delete(s.known, f.Peer)
		s.gone[f.Peer] = true
	case Leaving:
		s.in = s.in && f.Room != room
	default:
		s.in = s.in && !ends(fact, room)
	}
	return bad
}

// judgeCrowds: there are never more peers in a call than may be, nor two of one
// user; where nodes could know of each other.
func judgeCrowds(t Trial) (bad []Violation) {
	for _, l := range t.Lines {
		for _, e := range l.Events {
			f, ok := e.Fact.(Called)
			if !ok || t.divided(e.At) {
				continue
			}
			peers, users := 0, make(map[int64]int)
			for _, p := range f.Participants {
				if inCall(p) {
					peers++
					users[p.UserID]++
				}
			}
			if peers > t.Terms.MostIn {
				bad = append(bad, Violation{"crowds", l.Name, e.At, fmt.Sprintf("room %d has %d peers", f.Room, peers)})
			}
			for user, n := range users {
				if n > 1 {
					bad = append(bad, Violation{"crowds", l.Name, e.At, fmt.Sprintf("room %d has %d peers of user %d", f.Room, n, user)})
				}
			}
		}
	}
	return bad
}

// divided tells whether nodes may not have known of each other at a time, or may
// not have made up for it yet.
func (t Trial) divided(at time.Duration) bool {
	for _, o := range t.Outages {
		if o.meets(at-t.Terms.Lease-t.Terms.Slack, at) {
			return true
		}
	}
	return false
}

// unconnected: everyone who has not left has a socket.
func unconnected(t Trial) (bad []Violation) {
	for _, l := range t.Lines {
		if !l.connected() && !l.departed() {
			bad = append(bad, Violation{"connections", l.Name, l.end(), "has no socket"})
		}
	}
	return bad
}

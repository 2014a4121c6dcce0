package cluster

import (
	"fmt"
	"time"
)

// lives are the times at which somebody was really there.
type lives struct {
	online  map[place][]Span  // in a chat, by user
	callers map[place][]Span  // with a socket to a call, by user
	peers   map[string][]Span // in a call
}

// place is a user in a room.
type place struct{ room, user int64 }

func livesOf(t Trial) lives {
	v := lives{make(map[place][]Span), make(map[place][]Span), make(map[string][]Span)}
	for _, l := range t.Lines {
		up := l.sockets()
		for _, room := range l.Chats {
			at := place{room, l.User}
			v.online[at] = append(v.online[at], up...)
		}
		for _, room := range l.Calls {
			at := place{room, l.User}
			v.callers[at] = append(v.callers[at], up...)
		}
	}
	for _, m := range memberships(t) {
		v.peers[m.peer] = append(v.peers[m.peer], clip(t.Lines[m.line].sockets(), m.Span)...)
	}
	return v
}

// judgeGhosts: nobody is shown whose end is longer ago than the lease of a node, the
// window of a session and some slack allow.
func judgeGhosts(t Trial) (bad []Violation) {
	all := livesOf(t)
	for _, l := range t.Lines {
		for _, room := range l.rooms() {
			v, told := &view{}, make(map[string]bool)
			for _, e := range l.Events {
				v.see(e.Fact, room)
				if _, ok := e.Fact.(Beat); !ok {
					continue // what was kept for the session may be older than the socket
				}
				for _, ghost := range t.ghosts(v, all, room, e.At) {
					if !told[ghost] {
						bad = append(bad, Violation{"ghosts", l.Name, e.At, fmt.Sprintf("room %d, socket %d of %s: %s", room, e.Socket, e.Node, ghost)})
					}
					told[ghost] = true
				}
			}
		}
	}
	return bad
}

// ghosts are those in a view who should not be shown any more.
func (t Trial) ghosts(v *view, all lives, room int64, now time.Duration) (found []string) {
	for user := range v.online {
		if t.overdue(all.online[place{room, user}], now) {
			found = append(found, fmt.Sprintf("user %d is shown online", user))
		}
	}
	for _, p := range v.call {
		switch {
		case inCall(p) && t.overdue(all.peers[p.PeerID], now):
			found = append(found, fmt.Sprintf("peer %s of user %d is shown %s", p.PeerID, p.UserID, p.State))
		case !inCall(p) && t.overdue(all.callers[place{room, p.UserID}], now):
			found = append(found, fmt.Sprintf("user %d is shown %s", p.UserID, p.State))
		}
	}
	return found
}

// overdue tells whether somebody with these times ended too long ago. What may have
// kept nodes from knowing does not count; who never was is too new to be judged.
func (t Trial) overdue(spans []Span, now time.Duration) bool {
	at, ever := last(spans, now)
	if !ever || now-at <= t.Terms.Patience() {
		return false
	}
	allowed := t.Terms.Patience()
	for _, o := range t.Outages {
		if o.meets(at, now) {
			allowed += o.within(at, now) + t.Terms.Slack
		}
	}
	return now-at > allowed
}

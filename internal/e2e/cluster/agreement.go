package cluster

import (
	"fmt"
	"slices"

	"parley/protocol"
)

// disagreements: each client, and each node that is asked, knows exactly who is
// online in a room and who is in its call.
func disagreements(t Trial) (bad []Violation) {
	online, calls := present(t), standings(t)
	for _, l := range t.Lines {
		if !l.connected() {
			continue
		}
		views := l.views()
		for _, room := range l.Chats {
			if v := views[room]; !v.listed || !slices.Equal(v.users(), online[room]) {
				bad = append(bad, Violation{"presence", l.Name, l.end(), fmt.Sprintf("room %d: online are %v, and it has been told %v", room, online[room], v.users())})
			}
		}
		for _, room := range l.rooms() {
			v := views[room]
			if !v.called && !slices.Contains(l.Calls, room) {
				continue // a chat is told of changes only
			}
			if what := calls[room].differs(v.call); what != "" {
				bad = append(bad, Violation{"call state", l.Name, l.end(), fmt.Sprintf("room %d has %v, and it has been told %s", room, calls[room].peers, what)})
			}
		}
	}
	for room, answers := range t.Answers {
		for i, a := range answers {
			if what := calls[room].differs(a.Participants); what != "" {
				bad = append(bad, Violation{Rule: "call state", What: fmt.Sprintf("room %d has %v, and node %d answers %s", room, calls[room].peers, i+1, what)})
			}
		}
	}
	return slices.Concat(bad, companions(t))
}

// companions: who is in a call knows exactly the others who are, by what it was told
// of their coming and leaving.
func companions(t Trial) (bad []Violation) {
	all := memberships(t)
	for i, l := range t.Lines {
		for _, room := range l.Calls {
			s := stay{gone: make(map[string]bool)}
			for _, e := range l.Events {
				s.step(e.Fact, room)
			}
			if !s.in {
				continue
			}
			var want, got []string
			for _, m := range all {
				if m.To == forever && m.room == room && m.line != i {
					want = append(want, m.peer)
				}
			}
			for p := range s.known {
				got = append(got, p)
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) {
				bad = append(bad, Violation{"companions", l.Name, l.end(), fmt.Sprintf("room %d: with it in the call are %v, and by who came and left it knows %v", room, want, got)})
			}
		}
	}
	return bad
}

// present are the users who are online in the end, by room.
func present(t Trial) map[int64][]int64 {
	all := make(map[int64][]int64)
	for _, l := range t.Lines {
		if l.connected() {
			for _, room := range l.Chats {
				all[room] = append(all[room], l.User)
			}
		}
	}
	for room, users := range all {
		slices.Sort(users)
		all[room] = slices.Compact(users)
	}
	return all
}

// standing is who is in a call in the end.
type standing struct {
	peers   []string       // in the form of peersOf
	callers map[int64]bool // users with a socket to the call
}

func standings(t Trial) map[int64]standing {
	all := make(map[int64]standing)
	for _, l := range t.Lines {
		for _, room := range l.Calls {
			if all[room].callers == nil {
				all[room] = standing{callers: make(map[int64]bool)}
			}
			if l.connected() {
				all[room].callers[l.User] = true
			}
		}
	}
	list := make(map[int64][]protocol.CallParticipant)
	for _, m := range memberships(t) {
		if m.To == forever {
			list[m.room] = append(list[m.room], protocol.CallParticipant{UserID: m.user, PeerID: m.peer, State: protocol.ParticipantActive})
		}
	}
	for room, s := range all {
		s.peers = peersOf(list[room])
		all[room] = s
	}
	return all
}

// differs tells what somebody was told, if that is not so. Who has not joined may be
// shown or not: it is no participant after it has left.
func (s standing) differs(told []protocol.CallParticipant) string {
	for _, p := range told {
		if !inCall(p) && !s.callers[p.UserID] {
			return fmt.Sprintf("that user %d, who is not there, is %s", p.UserID, p.State)
		}
	}
	if peers := peersOf(told); !slices.Equal(peers, s.peers) {
		return fmt.Sprint(peers)
	}
	return ""
}

// peersOf are those participants who have joined, in a form and an order in which
// they can be compared.
func peersOf(participants []protocol.CallParticipant) (all []string) {
	for _, p := range participants {
		if inCall(p) {
			all = append(all, fmt.Sprintf("%d %s %s", p.UserID, p.State, p.PeerID))
		}
	}
	slices.Sort(all)
	return all
}

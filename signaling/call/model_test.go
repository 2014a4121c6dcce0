package call_test

import (
	"slices"

	"parley/protocol"
	"parley/signaling/call"
)

// model is the call told in the most naive way: a list of sockets, from which
// everything else is worked out anew each time.
type model struct {
	cfg       call.Config
	signals   modelSignals
	sessions  []*modelSession // in the order in which they connected
	users     []int64         // in the order in which they appeared
	joins     int
	wasActive bool
}

type modelSession struct {
	id     call.SessionID
	user   protocol.User
	peerID string
	listed bool
	joined int            // which join made it a peer; 0: it is none
	until  *protocol.Time // nil unless suspended
}

// outcome is what an event must lead to.
type outcome struct {
	rejected protocol.Code    // "" if it is not
	replaced call.SessionID   // 0 if none is
	answered bool             // with call_joined
	forward  []call.Recipient // nil unless a frame is passed on
	parked   []string         // what becomes of parked frames, rendered, in order
	left     *protocol.UserLeft
	states   []string // rendered, in order
}

func (m *model) step(ev call.Event) outcome {
	before := renderState(m.state())
	var out outcome
	switch e := ev.(type) {
	case call.Connect:
		if m.find(e.Session) == nil {
			m.sessions = append(m.sessions, &modelSession{id: e.Session, user: e.User, peerID: e.PeerID, listed: true})
		}
	case call.Join:
		out = m.join(e)
	case call.Leave:
		if s := m.find(e.Session); s != nil {
			out.left = s.userLeft(protocol.LeaveLeft)
			out.parked = m.signals.gone(m, s)
			s.listed, s.joined, s.until = false, 0, nil
		}
	case call.Disconnect:
		if s := m.find(e.Session); s != nil {
			out.left = s.userLeft(e.Reason)
			out.parked = m.signals.gone(m, s)
			m.forget(s)
		}
	case call.Suspend:
		if s := m.find(e.Session); s != nil && s.joined > 0 {
			until := protocol.At(e.Until)
			s.until = &until
		}
	case call.Resume:
		if s := m.find(e.Session); s != nil {
			out.parked = m.signals.back(s)
			s.until = nil
		}
	case call.Relay:
		return m.relay(e)
	}
	m.reseat()
	out.states = m.announce(before)
	return out
}

func (m *model) join(e call.Join) (out outcome) {
	s := m.find(e.Session)
	if s == nil {
		return outcome{rejected: protocol.CodeNotInCall}
	}
	if s.joined > 0 {
		return outcome{answered: true}
	}
	own := m.peerOf(s.user.ID)
	if own == nil && m.cfg.MaxPeers > 0 && len(m.peers()) >= m.cfg.MaxPeers {
		return outcome{rejected: protocol.CodeRoomFull}
	}
	if own != nil {
		out.replaced = own.id
		out.left = own.userLeft(protocol.LeaveReplaced)
		out.parked = m.signals.gone(m, own)
		m.forget(own)
	}
	if !s.listed {
		s.peerID = e.NextPeerID
	}
	m.joins++
	s.listed, s.joined = true, m.joins
	out.answered = true
	return out
}

func (m *model) relay(e call.Relay) outcome {
	from := m.find(e.Session)
	if from == nil || from.joined == 0 {
		return outcome{rejected: protocol.CodeNotInCall}
	}
	to := []*modelSession{}
	user, peer := e.Target.UserID, string(e.Target.PeerID)
	everyone := user == 0 && peer == ""
	for _, p := range m.peers() {
		matches := everyone ||
			peer != "" && peer == p.peerID ||
			peer == "" && user == p.user.ID
		if p != from && matches {
			to = append(to, p)
		}
	}
	if len(to) == 0 && !everyone {
		return outcome{rejected: protocol.CodePeerNotFound}
	}
	return m.signals.relay(m, e, from, to)
}

func (m *model) announce(before string) []string {
	now := m.state()
	if renderState(now) == before {
		return nil
	}
	states := []string{renderState(now)}
	if now.RoomState == protocol.CallIdle && m.wasActive {
		states = []string{string(protocol.CallEnded), string(protocol.CallIdle)}
	}
	m.wasActive = now.RoomState == protocol.CallActive || m.wasActive && now.RoomState != protocol.CallIdle
	return states
}

// reseat lets users go that have nothing listed and seats newcomers at the end.
func (m *model) reseat() {
	m.users = slices.DeleteFunc(m.users, func(id int64) bool { return m.shown(id) == nil })
	for _, s := range m.sessions {
		if s.listed && !slices.Contains(m.users, s.user.ID) {
			m.users = append(m.users, s.user.ID)
		}
	}
}

func (m *model) state() protocol.CallState {
	st := protocol.CallState{RoomState: protocol.CallConnecting}
	for _, id := range m.users {
		s := m.shown(id)
		st.Participants = append(st.Participants, protocol.CallParticipant{
			UserID: s.user.ID, Username: s.user.Username, PeerID: s.peerID, State: s.state(), Deadline: s.until,
		})
	}
	if len(m.users) == 0 {
		st.RoomState = protocol.CallIdle
	}
	if len(m.peers()) >= 2 {
		st.RoomState = protocol.CallActive
	}
	return st
}

func (m *model) shown(userID int64) (best *modelSession) {
	for _, s := range m.sessions {
		if s.user.ID == userID && s.listed && (best == nil || best.joined == 0) {
			best = s
		}
	}
	return best
}

// peers are the joined sessions in the order they joined.
func (m *model) peers() []*modelSession {
	var ps []*modelSession
	for _, s := range m.sessions {
		if s.joined > 0 {
			ps = append(ps, s)
		}
	}
	slices.SortFunc(ps, func(a, b *modelSession) int { return a.joined - b.joined })
	return ps
}

func (m *model) peerOf(userID int64) *modelSession {
	for _, s := range m.peers() {
		if s.user.ID == userID {
			return s
		}
	}
	return nil
}

func (m *model) find(id call.SessionID) *modelSession {
	for _, s := range m.sessions {
		if s.id == id {
			return s
		}
	}
	return nil
}

func (m *model) forget(s *modelSession) {
	m.sessions = slices.DeleteFunc(m.sessions, func(o *modelSession) bool { return o == s })
}

func (s *modelSession) state() protocol.ParticipantState {
	switch {
	case s.until != nil:
		return protocol.ParticipantSuspended
	case s.joined > 0:
		return protocol.ParticipantActive
	default:
		return protocol.ParticipantConnecting
	}
}

func (s *modelSession) userLeft(reason protocol.LeaveReason) *protocol.UserLeft {
	if s.joined == 0 {
		return nil
	}
	return &protocol.UserLeft{UserID: s.user.ID, PeerID: s.peerID, Reason: reason}
}

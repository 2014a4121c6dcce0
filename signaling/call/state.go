package call

import (
	"slices"

	"parley/protocol"
)

// publish tells the room of the call's state if the event has changed it. A
// call that was active and whose last participant is gone is shown as ended
// once, then as idle.
func (c *Call) publish() { c.show(false) }

// show is publish, of a call that may have ended since, unseen, and begun anew.
func (c *Call) show(ended bool) {
	c.seats = slices.DeleteFunc(c.seats, func(s *seat) bool { return s.shown() == nil })
	now := stateOf(c.seats, len(c.peers))
	if !ended && sameState(now, c.shown) {
		return
	}
	c.shown = now
	switch now.RoomState {
	case protocol.CallActive:
		c.wasActive = true
	case protocol.CallIdle:
		ended = ended || c.wasActive
		c.wasActive = false
	}
	if ended {
		c.do(&BroadcastState{State: protocol.CallState{
			Participants: []protocol.CallParticipant{},
			RoomState:    protocol.CallEnded,
		}})
	}
	c.do(&BroadcastState{State: now})
}

// stateOf makes a snapshot that shares nothing with the Call.
func stateOf(seats []*seat, peers int) protocol.CallState {
	participants := make([]protocol.CallParticipant, 0, len(seats))
	for _, s := range seats {
		p := s.shown()
		participants = append(participants, protocol.CallParticipant{
			UserID:   p.user.ID,
			Username: p.user.Username,
			PeerID:   p.peerID,
			State:    p.state,
			Deadline: p.deadline,
		})
	}
	room := protocol.CallConnecting
	switch {
	case len(seats) == 0:
		room = protocol.CallIdle
	case peers >= 2:
		room = protocol.CallActive
	}
	return protocol.CallState{Participants: participants, RoomState: room}
}

func sameState(a, b protocol.CallState) bool {
	return a.RoomState == b.RoomState && slices.Equal(a.Participants, b.Participants)
}

package room

import (
	"fmt"
	"runtime/debug"

	"parley/protocol"
)

// survive, deferred, keeps a fault in what is done for one session from ending
// everybody's: that session is closed, and the fault logged.
func (s *Session) survive() {
	if fault := recover(); fault != nil {
		logFault(s.room.shard.hub, s.room.id, fault)
		s.Close(protocol.CloseInternal, "internal error", protocol.LeaveTimeout)
	}
}

// survive, deferred, does the same for what is done for the room as a whole:
// its sessions are closed, and may come back to a room that is made anew.
func (r *Room) survive() {
	if fault := recover(); fault != nil {
		logFault(r.shard.hub, r.id, fault)
		for s := range r.Sessions("") {
			s.Close(protocol.CloseInternal, "internal error", protocol.LeaveTimeout)
		}
	}
}

func logFault(h *Hub, roomID int64, fault any) {
	h.cfg.Logger.Error("room: panic",
		"room", roomID, "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
}

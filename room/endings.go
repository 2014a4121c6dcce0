package room

import "parley/protocol"

// Endings are called with what has ceased to hold, on whichever node, before the
// sessions that rested on it end on this one: so that it is forgotten where it
// is remembered. They may be called from any goroutine, several at once and more
// than once for an ending, and must not block. Those that are nil are not called.
type Endings struct {
	LoggedOut      func(tokenID int64)
	ProfileChanged func(userID int64)
	Removed        func(roomID, userID int64, why protocol.LeaveReason)
	RoomDeleted    func(roomID int64)
	// Added is a beginning: the user is a participant now. It comes in order with
	// the endings.
	Added func(roomID, userID int64)
}

// Watch names who is told of endings, before Start.
func (h *Hub) Watch(e Endings) { h.endings = append(h.endings, e) }

func (h *Hub) tell(c control) {
	for i := range h.endings {
		h.endings[i].tell(c)
	}
}

func (e *Endings) tell(c control) {
	switch {
	case c.Token != 0:
		call(e.LoggedOut, c.Token)
	case c.Profile != 0:
		call(e.ProfileChanged, c.Profile)
	case c.Room == 0:
	case c.User == 0:
		call(e.RoomDeleted, c.Room)
	case c.Added:
		if e.Added != nil {
			e.Added(c.Room, c.User)
		}
	case e.Removed != nil:
		e.Removed(c.Room, c.User, c.Reason)
	}
}

func call(fn func(id int64), id int64) {
	if fn != nil {
		fn(id)
	}
}

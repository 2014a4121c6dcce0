package room

// Endings are called with what has ceased to hold, on whichever node, before the
// sessions that rested on it end on this one: so that it is forgotten where it
// is remembered. They may be called from any goroutine, several at once and more
// than once for an ending, and must not block. All are needed.
type Endings struct {
	LoggedOut      func(tokenID int64)
	ProfileChanged func(userID int64)
	Removed        func(roomID, userID int64)
	RoomDeleted    func(roomID int64)
}

// Watch names who is told of endings, before Start.
func (h *Hub) Watch(e Endings) { h.endings = append(h.endings, e) }

func (h *Hub) tell(c control) {
	for _, e := range h.endings {
		switch {
		case c.Token != 0:
			e.LoggedOut(c.Token)
		case c.Profile != 0:
			e.ProfileChanged(c.Profile)
		case c.Room == 0:
		case c.User != 0:
			e.Removed(c.Room, c.User)
		default:
			e.RoomDeleted(c.Room)
		}
	}
}

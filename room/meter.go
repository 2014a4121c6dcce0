package room

// Meter observes rooms. Its methods may be called from any goroutine.
type Meter interface {
	SessionOpened(channel string)
	SessionClosed(channel string)
	FrameIn(typ string)
	FrameOut(typ string, n int)
	ErrorSent(code string)
	RoomOpened()
	RoomClosed()
	// Suspended counts sessions that wait for their clients.
	Suspended(delta int)
	// Resumed counts how they fared: one of the Resume… outcomes.
	Resumed(outcome string)
	// Torn counts sessions of which not all that they missed could be kept.
	Torn()
}

// unmetered counts nothing.
type unmetered struct{}

func (unmetered) SessionOpened(string) {}
func (unmetered) SessionClosed(string) {}
func (unmetered) FrameIn(string)       {}
func (unmetered) FrameOut(string, int) {}
func (unmetered) ErrorSent(string)     {}
func (unmetered) RoomOpened()          {}
func (unmetered) RoomClosed()          {}
func (unmetered) Suspended(int)        {}
func (unmetered) Resumed(string)       {}
func (unmetered) Torn()                {}

package configs

// Calls configures call rooms.
type Calls struct {
	MaxParticipants int `mapstructure:"max_participants" about:"Peers in one call, each of which sends to every other; 0: no limit."`
}

func defaultCalls() Calls {
	return Calls{MaxParticipants: 8} // a mesh: eight peers already upload seven videos each
}

func (c Calls) validate(bad report) {
	wantIntOrOff(bad, "calls.max_participants", c.MaxParticipants, 2, 1000)
}

package sockets

// Meter observes a Gate. Its methods may be called from any goroutine and must
// not block.
type Meter interface {
	// Lookup counts a fact that a handshake depended on, one of the Fact…
	// constants, by where it was found, one of the Source… constants.
	Lookup(fact, source string)
}

// What a handshake depends on, and where it is found, as a Meter sees it.
const (
	FactLogin       = "login"
	FactParticipant = "participant"

	SourceMemory = "memory"
	SourceStore  = "store" // whatever the store said
)

// nobody is the Meter of a Gate that has none.
type nobody struct{}

func (nobody) Lookup(string, string) {}

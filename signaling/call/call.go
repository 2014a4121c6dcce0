package call

import "parley/protocol"

// Config bounds a Call.
type Config struct {
	MaxPeers    int // that may have joined; 0: no limit
	ParkedBytes int // of frames parked for one suspended peer; 0: no limit
	// Node is for what is parked in all calls, and whatever else it bounds; nil: no
	// limit.
	Node Allowance
	// Boot names this process among several nodes, "" where there are no others;
	// Nodes says which of these are dead. Where it is asked is noted.
	Boot  string
	Nodes Nodes
}

// Nodes tells which nodes are known to be dead.
type Nodes interface{ Dead(boot string) bool }

// Allowance is how many bytes may be kept. Take uses some, or nothing and reports
// false if fewer are left; Give returns them.
type Allowance interface {
	Take(bytes int) bool
	Give(bytes int)
}

// Call is one room's call. The zero value is not usable; see New.
type Call struct {
	// Static after construction.
	cfg Config

	// Owned by the room's goroutine.
	sessions  map[SessionID]*participant // every connected socket; looked up, never ranged over
	seats     []*seat                    // users in the call, in the order they appeared
	peers     []*participant             // who has joined, in the order they joined
	absent    []*participant             // who has left and is still connected, in the order they left
	joins     uint64                     // number of the last join; see participant.joined
	wasActive bool                       // there were two active peers since the call was last idle
	shown     protocol.CallState         // what the room was told last

	// As the above, where there are several nodes.
	id     string      // the roster's
	gone   []Departure // the latest, oldest first
	merged []string    // see Roster

	// Lent to the caller from one Step to the next.
	actions []Action
	forward Forward
}

// New makes an idle call.
func New(cfg Config) *Call {
	return &Call{
		cfg:      cfg,
		sessions: make(map[SessionID]*participant),
		shown:    stateOf(nil, 0),
	}
}

// Step applies one event and returns what has to be done, in order. The slice
// and the actions in it are valid until the next Step. The same events,
// and answers of the Allowance, give the same actions. A Relay that is forwarded to peers who are there allocates
// nothing but, once, what two peers' epochs are kept in.
func (c *Call) Step(ev Event) []Action {
	c.begin()
	switch e := ev.(type) {
	case Connect:
		c.connect(e)
	case Join:
		c.join(e)
	case Leave:
		c.leave(e)
	case Suspend:
		c.suspend(e)
	case Resume:
		c.resume(e)
	case Disconnect:
		c.disconnect(e)
	case Relay:
		c.relay(e)
		return c.actions // changes nothing that is shown
	case Arrived:
		c.arrived(e)
		return c.actions
	case Return:
		c.returned(e)
		return c.actions
	}
	c.publish()
	return c.actions
}

func (c *Call) begin() {
	clear(c.actions) // what was lent is not kept alive
	c.actions = c.actions[:0]
}

// State is the call as the room sees it now; its RoomState is never CallEnded.
func (c *Call) State() protocol.CallState { return c.shown }

// Empty reports that no socket is connected, to any node, so that the Call may be
// dropped.
func (c *Call) Empty() bool { return len(c.sessions) == 0 }

func (c *Call) do(a Action) { c.actions = append(c.actions, a) }

func (c *Call) reject(to SessionID, code protocol.Code, format string, args ...any) {
	c.do(&Reject{To: to, Err: protocol.Errorf(code, format, args...)})
}

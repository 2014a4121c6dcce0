package calls

// Stages of a call, in their order.
const (
	StageCall      = "calls"     // all of it: from the arrival until all are connected, if nothing fails later
	StageSocket    = "socket"    // the signaling socket, from the arrival to its welcome
	StageJoin      = "join"      // join_call
	StageNegotiate = "negotiate" // from both having joined to the answer
	StageICE       = "ice"       // from the answer to a candidate pair that works
	StageDTLS      = "dtls"      // the handshake
	StageConnect   = "connect"   // from both having joined to an open data channel
	StageRTP       = "rtp"       // from connected to the first audio and video packets
	StageData      = "data"      // a ping over the data channel and back
	StageRestart   = "restart"   // an ICE restart
	StageResume    = "resume"    // from a lost socket to the resumed session
	StageRelay     = "relay"     // signaling only: a signal, from one peer to the other
	StageLeave     = "leave"     // leave_call
)

// Counters, besides "candidates." with the types of each connection's pair.
const (
	CountStopped  = "stopped" // ended before they were connected, since the run was
	CountUnbegun  = "unbegun" // due within the duration, but no room was free
	CountResumed  = "resumes" // of sessions whose socket was lost, on purpose or not
	CountAfresh   = "afresh"
	CountGlare    = "glare" // offers that collided
	CountPackets  = "rtp.packets"
	countPairs    = "candidates."
	gaugeCalls    = "calls"
	gaugeSockets  = "sockets"
	gaugeConnects = "connected" // peer connections
)

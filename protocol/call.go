package protocol

// ParticipantState is where a user stands in a room's call.
type ParticipantState string

// States of a call's participant.
const (
	ParticipantConnecting ParticipantState = "connecting" // socket open, not joined
	ParticipantActive     ParticipantState = "active"     // joined
	ParticipantSuspended  ParticipantState = "suspended"  // joined, socket lost
)

// CallRoomState is where a room's call stands as a whole.
type CallRoomState string

// States of a room's call.
const (
	CallIdle       CallRoomState = "idle"       // nobody
	CallConnecting CallRoomState = "connecting" // someone, fewer than two active
	CallActive     CallRoomState = "active"     // two or more active
	CallEnded      CallRoomState = "ended"      // sent once, when an active call's last participant leaves
)

// LeaveReason is why a peer left a call.
type LeaveReason string

// Reasons of user_left.
const (
	LeaveLeft        LeaveReason = "left"
	LeaveTimeout     LeaveReason = "timeout"
	LeaveReplaced    LeaveReason = "replaced"
	LeaveRemoved     LeaveReason = "removed"
	LeaveRoomDeleted LeaveReason = "room_deleted"
	LeaveLogout      LeaveReason = "logout"
	LeaveMoved       LeaveReason = "moved" // to another node, where it goes on: no client is told
)

// CallParticipant is one participant in a call_state.
type CallParticipant struct {
	UserID   int64            `json:"user_id"`
	Username string           `json:"username"`
	PeerID   string           `json:"peer_id"`
	State    ParticipantState `json:"state"`
	Deadline *Time            `json:"deadline,omitempty"` // of one that is suspended: when it is given up
}

// CallState is the state of a room's call, after every change of it.
type CallState struct {
	Participants []CallParticipant `json:"participants"`
	RoomState    CallRoomState     `json:"room_state"`
}

// AppendJSON implements Payload.
func (s CallState) AppendJSON(b []byte) []byte { return appendJSON(b, s) }

// CallPeer is another peer of the call, as call_joined lists it.
type CallPeer struct {
	UserID   int64            `json:"user_id"`
	Username string           `json:"username"`
	PeerID   string           `json:"peer_id"`
	State    ParticipantState `json:"state"`
	Deadline *Time            `json:"deadline,omitempty"` // as in call_state
	// Polite is the reader's own role towards this peer in perfect negotiation.
	Polite bool `json:"polite"`
}

// CallJoined answers a join_call.
type CallJoined struct {
	PeerID       string      `json:"peer_id"`
	Participants []CallPeer  `json:"participants"`
	ICEServers   []ICEServer `json:"ice_servers"`
	ExpiresAt    *Time       `json:"expires_at"` // null: the credentials do not expire
}

// AppendJSON implements Payload.
func (j CallJoined) AppendJSON(b []byte) []byte { return appendJSON(b, j) }

// UserJoined tells the others in the call of a newcomer, to whom each of them
// sends an offer.
type UserJoined struct {
	User   User   `json:"user"`
	PeerID string `json:"peer_id"`
	// Polite is the reader's own role towards the newcomer.
	Polite bool `json:"polite"`
}

// AppendJSON implements Payload.
func (j UserJoined) AppendJSON(b []byte) []byte { return appendJSON(b, j) }

// UserLeft tells the others in the call that a peer is gone.
type UserLeft struct {
	UserID int64       `json:"user_id"`
	PeerID string      `json:"peer_id"`
	Reason LeaveReason `json:"reason"`
}

// AppendJSON implements Payload.
func (l UserLeft) AppendJSON(b []byte) []byte { return appendJSON(b, l) }

// PeerState is a client's report of how one peer connection fares. It feeds
// the metrics and is not relayed.
type PeerState struct {
	PeerID              string   `json:"peer_id"`
	State               string   `json:"state"`
	MS                  *float64 `json:"ms"` // from join to connected, milliseconds
	LocalCandidateType  string   `json:"local_candidate_type"`
	RemoteCandidateType string   `json:"remote_candidate_type"`
	Protocol            string   `json:"protocol"`
}

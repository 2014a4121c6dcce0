package protocol

// Welcome is the first frame on every socket.
type Welcome struct {
	ConnectionID  string   `json:"connection_id"`
	Node          string   `json:"node"`
	User          User     `json:"user"`
	RoomID        int64    `json:"room_id,omitempty"`
	LastSeq       *int64   `json:"last_seq,omitempty"` // chat sockets
	HeartbeatS    float64  `json:"heartbeat_s"`
	ResumeToken   string   `json:"resume_token"`
	ResumeWindowS float64  `json:"resume_window_s"`
	Resumed       bool     `json:"resumed"`
	Features      []string `json:"features"`
}

// AppendJSON implements Payload.
func (w Welcome) AppendJSON(b []byte) []byte { return appendJSON(b, w) }

// ErrorData is the payload of an error frame.
type ErrorData struct {
	Code         Code         `json:"code"`
	Message      string       `json:"message"`
	Temporary    bool         `json:"temporary"`
	RetryAfterMS int64        `json:"retry_after_ms,omitempty"`
	Errors       []FieldError `json:"errors,omitempty"`
}

// AppendJSON implements Payload.
func (e ErrorData) AppendJSON(b []byte) []byte { return appendJSON(b, e) }

// Reconnect asks a client to come back, in its own slot.
type Reconnect struct {
	Reason       string `json:"reason"`
	RetryAfterMS int64  `json:"retry_after_ms"`
}

// AppendJSON implements Payload.
func (r Reconnect) AppendJSON(b []byte) []byte { return appendJSON(b, r) }

// What a server that is degraded is without.
const (
	ReasonCluster = "cluster" // the other nodes: who is on them is not reached
	ReasonStore   = "store"   // the database: what needs it is refused for the time
)

// Degraded tells what the server does without for the time, and when that is over:
// then Reasons is empty.
type Degraded struct {
	Reasons []string `json:"reasons"` // never nil
}

// AppendJSON implements Payload.
func (d Degraded) AppendJSON(b []byte) []byte { return appendJSON(b, d) }

// Empty is the payload of an ack that has nothing to say.
type Empty struct{}

// AppendJSON implements Payload.
func (Empty) AppendJSON(b []byte) []byte { return append(b, '{', '}') }

// Channel is what a socket, or one subscription of it, is for.
type Channel string

// Channels of a room.
const (
	ChannelChat Channel = "chat"
	ChannelCall Channel = "call"
)

package protocol

// IncomingCall says that somebody calls: that they rang (then it has an
// InviteID and an end), or that they are the first in a call of the user's.
type IncomingCall struct {
	RoomID     int64  `json:"room_id"`
	InviteID   string `json:"invite_id,omitempty"`
	From       User   `json:"from"`
	ExpiresAt  *Time  `json:"expires_at,omitempty"`
	LifetimeMS int64  `json:"lifetime_ms,omitempty"` // from the sending of the frame to ExpiresAt
}

// AppendJSON implements Payload.
func (c IncomingCall) AppendJSON(b []byte) []byte { return appendJSON(b, c) }

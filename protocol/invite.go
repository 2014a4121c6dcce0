package protocol

// SendInvite is a client's call_invite. Without a target all the others of the
// room are invited.
type SendInvite struct {
	TargetUserID *int64 `json:"target_user_id"`
	LifetimeMS   *int64 `json:"lifetime_ms"`
}

// Invited is the ack of a call_invite.
type Invited struct {
	InviteID  string  `json:"invite_id"`
	ExpiresAt Time    `json:"expires_at"`
	Invited   []int64 `json:"invited"` // users
}

// AppendJSON implements Payload.
func (i Invited) AppendJSON(b []byte) []byte { return appendJSON(b, i) }

// InviteRef names an invite: a client's call_accept, call_decline and
// call_cancel, and the server's call_cancel.
type InviteRef struct {
	InviteID string `json:"invite_id"`
}

// AppendJSON implements Payload.
func (r InviteRef) AppendJSON(b []byte) []byte { return appendJSON(b, r) }

// InviteAnswer tells the caller who has answered: call_accept and call_decline.
type InviteAnswer struct {
	InviteID string `json:"invite_id"`
	User     User   `json:"user"`
}

// AppendJSON implements Payload.
func (a InviteAnswer) AppendJSON(b []byte) []byte { return appendJSON(b, a) }

// AnswerKind is how a user answered an invite.
type AnswerKind string

// Answers to an invite.
const (
	AnswerAccepted AnswerKind = "accepted"
	AnswerDeclined AnswerKind = "declined"
)

// AnsweredElsewhere tells a user's other sockets to ring no longer.
type AnsweredElsewhere struct {
	InviteID string     `json:"invite_id"`
	Answer   AnswerKind `json:"answer"`
}

// AppendJSON implements Payload.
func (a AnsweredElsewhere) AppendJSON(b []byte) []byte { return appendJSON(b, a) }

// MissedCall is an invite that a user did not answer, in REST and in call_missed
// alike.
type MissedCall struct {
	ID        int64 `json:"id"`
	RoomID    int64 `json:"room_id"`
	From      User  `json:"from"`
	CreatedAt Time  `json:"created_at"` // when it rang no longer
	Seen      bool  `json:"seen"`       // as the user has said by REST
}

// AppendJSON implements Payload.
func (m MissedCall) AppendJSON(b []byte) []byte { return appendJSON(b, m) }

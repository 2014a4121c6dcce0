package protocol

// Room is a room as one of its participants sees it.
type Room struct {
	ID               int64  `json:"id"`
	Name             string `json:"name"`
	Owner            User   `json:"owner"`
	Private          bool   `json:"private"`
	ParticipantCount int    `json:"participant_count"`
	UnreadCount      int    `json:"unread_count"`
	LastSeq          int64  `json:"last_seq"`
	CreatedAt        Time   `json:"created_at"`
	UpdatedAt        Time   `json:"updated_at"`
}

// Participant is a user's place in a room.
type Participant struct {
	ID          int64  `json:"id"` // the user's
	Username    string `json:"username"`
	DisplayName string `json:"display_name"`
	Role        string `json:"role"` // "owner" or "member"
	JoinedAt    Time   `json:"joined_at"`
}

// Roles of a participant.
const (
	RoleOwner  = "owner"
	RoleMember = "member"
)

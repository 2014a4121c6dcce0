package store

import "time"

// User is an account. Username and Email are unique without regard to case.
type User struct {
	ID           int64
	Username     string
	Email        string
	DisplayName  string
	PasswordHash string // argon2id in PHC string form
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Author is the part of a User that others see.
type Author struct {
	ID          int64
	Username    string
	DisplayName string
}

// NewUser is a user to create.
type NewUser struct {
	Username     string
	Email        string
	DisplayName  string
	PasswordHash string
	TokenHash    Hash // the first token, stored in the same transaction
}

// UserChange names the fields to change; nil leaves a field as it is.
type UserChange struct {
	Email       *string
	DisplayName *string
}

// Hash is the SHA-256 of a token or ticket. The secret itself is never stored.
type Hash [32]byte

// Token is a user's login.
type Token struct {
	ID        int64
	User      User
	CreatedAt time.Time
}

// Room is a place to chat and call in.
type Room struct {
	ID        int64
	Name      string
	Owner     Author
	Private   bool  // only its owner can add participants
	LastSeq   int64 // of its newest message, 0 without one
	CreatedAt time.Time
	UpdatedAt time.Time
}

// RoomView is a Room as one of its participants sees it.
type RoomView struct {
	Room
	ParticipantCount int
	UnreadCount      int // messages of others, not deleted, past the read marker
}

// NewRoom is a room to create; its owner becomes its first participant.
type NewRoom struct {
	Name    string
	OwnerID int64
	Private bool
}

// RoomChange names the fields to change; nil leaves a field as it is.
type RoomChange struct {
	Name    *string
	Private *bool
	OwnerID *int64 // must be a participant
}

// Participant is a user's place in a room.
type Participant struct {
	Author
	Owner    bool
	JoinedAt time.Time
}

// Message is a stored chat message. A deleted one has no Content.
type Message struct {
	ID          int64
	Seq         int64 // 1, 2, 3… in its room, without gaps
	RoomID      int64
	Author      Author
	Content     string
	ClientMsgID string // empty: none
	CreatedAt   time.Time
	EditedAt    time.Time // zero: never
	DeletedAt   time.Time // zero: never
}

// NewMessage is a message to append.
type NewMessage struct {
	RoomID      int64
	AuthorID    int64
	Content     string
	ClientMsgID string
}

// ReadMarker is how far a user has read in a room.
type ReadMarker struct {
	MessageID int64
	Seq       int64
}

// Unread is how much of a room a user has not read.
type Unread struct {
	RoomID  int64
	UserID  int64
	Count   int
	LastSeq int64 // of the room's newest message, 0 without one
}

// Page is a slice of a list, by offset.
type Page struct {
	Offset int
	Limit  int
}

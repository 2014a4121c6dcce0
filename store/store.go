package store

import (
	"context"
	"errors"
	"time"

	"parley/protocol"
)

// Errors that a Store returns, possibly wrapped. Any other error means that
// the database failed and nothing was stored.
var (
	ErrNotFound       = errors.New("store: not found")
	ErrNotParticipant = errors.New("store: not a participant of the room")
	ErrOwner          = errors.New("store: the owner of the room cannot leave it")
	ErrUsernameTaken  = errors.New("store: user name taken")
	ErrEmailTaken     = errors.New("store: e-mail taken")
	ErrDeleted        = errors.New("store: the message is deleted")
	ErrClosed         = errors.New("store: closed")
)

// ErrUnavailable is wrapped by errors which say that the database is out of reach
// for the time. Clients are told so.
var ErrUnavailable error = protocol.Errorf(protocol.CodeUnavailable, "the database is out of reach")

// Errors of opening and migrating a database, possibly wrapped.
var (
	// ErrSchemaTooNew means that a newer version of Parley has migrated it.
	ErrSchemaTooNew = errors.New("store: the schema is newer than this version of Parley knows")
	// ErrForeign means that it is the database of another program.
	ErrForeign = errors.New("store: the database has tables and is not Parley's")
)

// Refused reports whether err is an answer of the contract's to one write, and
// not a failure of the database.
func Refused(err error) bool {
	for _, answer := range []error{
		ErrNotFound, ErrNotParticipant, ErrOwner, ErrUsernameTaken, ErrEmailTaken, ErrDeleted,
	} {
		if errors.Is(err, answer) {
			return true
		}
	}
	return false
}

// Store is everything that a back end provides. Consumers declare the few
// methods that they need.
//
// What a method has returned, or called back, without an error is durable: it
// survives a crash of the process and of the machine.
type Store interface {
	Users
	Tokens
	Rooms
	Participants
	Messages
	Inboxes
	MissedCalls
	Standings

	// Ping reports whether reads and writes can be served.
	Ping(ctx context.Context) error
	// Close commits what is queued, calls it back, and closes the database.
	// Later calls return ErrClosed.
	Close() error
}

// Users keeps accounts.
type Users interface {
	// CreateUser stores a user with its first token: ErrUsernameTaken, ErrEmailTaken.
	CreateUser(ctx context.Context, u NewUser) (Token, error)
	// UserByID finds a user: ErrNotFound.
	UserByID(ctx context.Context, id int64) (User, error)
	// UserByName finds a user by user name, without regard to case: ErrNotFound.
	UserByName(ctx context.Context, username string) (User, error)
	// UserByEmail finds a user by e-mail, without regard to case: ErrNotFound.
	UserByEmail(ctx context.Context, email string) (User, error)
	// UpdateUser changes a user: ErrNotFound, ErrEmailTaken.
	UpdateUser(ctx context.Context, id int64, c UserChange) (User, error)
}

// Tokens keeps logins and the one-time tickets made from them.
type Tokens interface {
	// CreateToken stores a login: ErrNotFound if the user is unknown.
	CreateToken(ctx context.Context, userID int64, h Hash) (Token, error)
	// TokenByHash finds a login and its user: ErrNotFound.
	TokenByHash(ctx context.Context, h Hash) (Token, error)
	// DeleteToken ends a login and its tickets. Deleting twice is no error.
	DeleteToken(ctx context.Context, id int64) error
	// CreateTicket stores a ticket that stands for a token until expires:
	// ErrNotFound if the token is gone. It may forget expired tickets.
	CreateTicket(ctx context.Context, tokenID int64, h Hash, expires time.Time) error
	// SpendTicket removes a ticket and returns its token; of several callers
	// exactly one gets it. ErrNotFound if it is unknown, spent, or expired at now.
	SpendTicket(ctx context.Context, h Hash, now time.Time) (Token, error)
}

// Rooms keeps rooms.
type Rooms interface {
	// CreateRoom stores a room with its owner as participant: ErrNotFound if
	// the owner is unknown.
	CreateRoom(ctx context.Context, r NewRoom) (Room, error)
	// RoomByID finds a room: ErrNotFound.
	RoomByID(ctx context.Context, id int64) (Room, error)
	// RoomFor finds a room as userID sees it: ErrNotFound, ErrNotParticipant.
	RoomFor(ctx context.Context, id, userID int64) (RoomView, error)
	// RoomsOf lists the rooms that userID is a participant of, the one that
	// changed last (message, rename) first, and how many there are in all.
	RoomsOf(ctx context.Context, userID int64, p Page) ([]RoomView, int, error)
	// UpdateRoom changes a room: ErrNotFound, ErrNotParticipant if the new
	// owner is none.
	UpdateRoom(ctx context.Context, id int64, c RoomChange) (Room, error)
	// DeleteRoom removes a room with all that is in it: ErrNotFound.
	DeleteRoom(ctx context.Context, id int64) error
}

// Participants keeps who belongs to which room.
type Participants interface {
	// AddParticipant reports whether the user was not one before: ErrNotFound
	// if room or user is unknown. A newcomer has everything before it read.
	AddParticipant(ctx context.Context, roomID, userID int64) (added bool, err error)
	// RemoveParticipant reports whether the user was one: ErrNotFound if the
	// room is unknown, ErrOwner for its owner.
	RemoveParticipant(ctx context.Context, roomID, userID int64) (removed bool, err error)
	// IsParticipant reports whether the room exists and the user belongs to it.
	IsParticipant(ctx context.Context, roomID, userID int64) (bool, error)
	// ParticipantOf finds one participant of a room: ErrNotParticipant, also if
	// there is no such room.
	ParticipantOf(ctx context.Context, roomID, userID int64) (Participant, error)
	// ParticipantsOf lists a room's participants, first to join first, and how
	// many there are in all.
	ParticipantsOf(ctx context.Context, roomID int64, p Page) ([]Participant, int, error)
}

// Messages keeps what was said. The Post… methods queue and return at once;
// done is called exactly once, in commit order, on a goroutine of the store's:
// it must not block and must not call the store. The writes of one room are
// committed in the order of the calls; of two rooms either may come first. Each
// write checks in the same transaction that the acting user is a participant.
type Messages interface {
	// PostMessage appends a message and gives it the room's next seq. The same
	// ClientMsgID of the same author in the same room again stores nothing and
	// yields the first message with created false. ErrNotFound (no such room),
	// ErrNotParticipant.
	PostMessage(m NewMessage, done func(m Message, created bool, err error))
	// PostEdit replaces the content of a message. ErrNotFound (no such room or
	// message), ErrNotParticipant, ErrDeleted.
	PostEdit(roomID, userID, messageID int64, content string, done func(Message, error))
	// PostDelete empties a message and marks it deleted; deleting twice reports
	// deleted false and no error. ErrNotFound, ErrNotParticipant.
	PostDelete(roomID, userID, messageID int64, done func(m Message, deleted bool, err error))
	// PostRead moves a user's read marker to a message, or with messageID 0 to
	// the room's newest. A marker never moves back: then moved is false and the
	// marker is where it stands. ErrNotFound, ErrNotParticipant.
	PostRead(roomID, userID, messageID int64, done func(r ReadMarker, moved bool, err error))

	// MessageByID finds a message of a room: ErrNotFound.
	MessageByID(ctx context.Context, roomID, id int64) (Message, error)
	// MessagesPage lists newest first, and how many there are in all.
	MessagesPage(ctx context.Context, roomID int64, p Page) ([]Message, int, error)
	// MessagesAfter lists messages with seq > after, ascending, at most limit.
	MessagesAfter(ctx context.Context, roomID, after int64, limit int) ([]Message, error)
	// MessagesBefore lists messages with seq < before, descending, at most limit.
	MessagesBefore(ctx context.Context, roomID, before int64, limit int) ([]Message, error)
	// MessagesChangedSince lists messages edited or deleted at or after since,
	// the earliest change first, and how many there are in all.
	MessagesChangedSince(ctx context.Context, roomID int64, since time.Time, p Page) ([]Message, int, error)
}

// Inboxes tells what awaits users, across rooms. What is unread is counted as in
// a RoomView.
type Inboxes interface {
	// RoomIDsOf lists all the rooms that userID is a participant of, ascending. It
	// reads them in pages: of what changes meanwhile, some may be in it.
	RoomIDsOf(ctx context.Context, userID int64) ([]int64, error)
	// UnreadRooms lists the rooms in which userID has something unread, the one
	// that changed last first, at most limit.
	UnreadRooms(ctx context.Context, userID int64, limit int) ([]Unread, error)
	// UnreadOf counts for those of the users who are participants of a room, in
	// any order; a room that is not there has none.
	UnreadOf(ctx context.Context, roomID int64, userIDs []int64) ([]Unread, error)
}

package membership

import (
	"context"

	"parley/protocol"
	"parley/store"
)

// Store is what a Service keeps rooms in.
type Store interface {
	store.Rooms
	store.Participants
	People
}

// People finds users, as store.Users does.
type People interface {
	UserByID(ctx context.Context, id int64) (store.User, error)
	UserByName(ctx context.Context, username string) (store.User, error)
	UserByEmail(ctx context.Context, email string) (store.User, error)
}

// Live is told, after it is stored, who belongs where now and who no longer does.
// Its methods block no longer than it takes to tell the other nodes.
type Live interface {
	// Added says that a user has become a participant, as owner or otherwise.
	Added(roomID, userID int64)
	// Removed says that a user is no participant any more: they left
	// (protocol.LeaveLeft) or the owner removed them (protocol.LeaveRemoved).
	Removed(roomID, userID int64, why protocol.LeaveReason)
	// RoomDeleted says that a room is gone, with all who were in it.
	RoomDeleted(roomID int64)
}

// Service is the rooms and who belongs to them.
type Service struct {
	// Static after construction.
	store  Store
	live   Live
	places *places // those of the last seconds
}

// New makes a Service that keeps rooms in s and tells l who is in and who is out.
func New(s Store, l Live) *Service { return &Service{store: s, live: l, places: newPlaces()} }

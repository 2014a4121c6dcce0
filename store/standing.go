package store

import (
	"context"
	"time"
)

// RoomHead is how far a room has come.
type RoomHead struct {
	RoomID    int64
	LastSeq   int64     // of its newest message, 0 without one
	ChangedAt time.Time // of the latest edit or deletion of a message; zero: never
}

// Place is a user's place in a room.
type Place struct {
	RoomID int64
	UserID int64
}

// Standings tells a node that may have missed news what of the things it
// remembers still stands. Each call takes thousands.
type Standings interface {
	// RoomHeads tells how far rooms have come, in any order. A room that is
	// missing is not there any more.
	RoomHeads(ctx context.Context, roomIDs []int64) ([]RoomHead, error)
	// LiveTokens returns those of the tokens that still are logins, in any order.
	LiveTokens(ctx context.Context, tokenIDs []int64) ([]int64, error)
	// Belonging returns those of the places whose users are participants, in any
	// order.
	Belonging(ctx context.Context, places []Place) ([]Place, error)
}

package store

import (
	"context"
	"time"
)

// MissedCall is a call that a user was invited to and did not answer.
type MissedCall struct {
	ID        int64 // later calls have greater ones
	RoomID    int64
	Caller    Author
	CreatedAt time.Time
	Seen      bool
}

// MissedCalls keeps the calls that users missed. They go with the participation:
// who leaves a room, or whose room is deleted, has missed nothing there.
type MissedCalls interface {
	// AddMissedCalls stores that users missed a call of caller's in a room; those
	// who are no participants are left out.
	AddMissedCalls(ctx context.Context, roomID, caller int64, users []int64) error
	// MissedCallsOf lists what a user missed, newest first, and how many there are
	// in all.
	MissedCallsOf(ctx context.Context, userID int64, p Page) ([]MissedCall, int, error)
	// SeeMissedCalls marks those up to an id as seen; seen is also told.
	SeeMissedCalls(ctx context.Context, userID, upTo int64) error
	// TakeUntoldCalls marks all that the user was not told of as told and returns
	// the newest of them, at most limit, oldest first. Of several callers one gets
	// them.
	TakeUntoldCalls(ctx context.Context, userID int64, limit int) ([]MissedCall, error)
	// UsersWithUntoldCalls lists users who missed calls that they were not told
	// of: those with ids > after, ascending, at most limit.
	UsersWithUntoldCalls(ctx context.Context, after int64, limit int) ([]int64, error)
}

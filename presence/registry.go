package presence

import (
	"context"
	"errors"
)

// ErrClosed is returned by a Registry after Close.
var ErrClosed = errors.New("presence: registry closed")

// User is what others are told of somebody who is online.
type User struct {
	ID          int64
	Username    string
	DisplayName string
}

// Entry says that a user is in a room by way of a node.
type Entry struct {
	Room int64
	User User
	Node string
}

// Registry is one node's view of, and part in, who is where. The node's
// entries live under a lease, which Renew extends; once it has run out they
// are nobody's, and Reap of some other node hands them out.
type Registry interface {
	// Enter says that the user is in the room on this node. Twice is no error.
	Enter(ctx context.Context, room int64, u User) error
	// Leave says that the user no longer is. Twice is no error.
	Leave(ctx context.Context, room, userID int64) error
	// Online lists the room's entries on all nodes with a valid lease, ordered
	// by user and node.
	Online(ctx context.Context, room int64) ([]Entry, error)
	// Renew extends this node's lease. lapsed reports that it had run out, so
	// that the node must enter its users again.
	Renew(ctx context.Context) (lapsed bool, err error)
	// Reap removes the entries of nodes whose lease has run out. Of all callers
	// on all nodes exactly one gets each entry.
	Reap(ctx context.Context) ([]Entry, error)
	// Ping reports whether the registry is healthy.
	Ping(ctx context.Context) error
	// Close removes this node's entries and lease. Closing twice is no error.
	Close(ctx context.Context) error
}

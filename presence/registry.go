package presence

import (
	"cmp"
	"context"
	"errors"
)

// ErrClosed is returned by a Registry after Close.
var ErrClosed = errors.New("presence: registry closed")

// Node is a process that takes part: what operators call it, and its boot,
// which is new at every start of the process. What it enters is named by the
// boot, so that a node that is back under its id is another holder.
type Node struct {
	ID   string
	Boot string
}

// Compare orders nodes by id and boot.
func (n Node) Compare(other Node) int {
	return cmp.Or(cmp.Compare(n.ID, other.ID), cmp.Compare(n.Boot, other.Boot))
}

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
	Node string // its boot
}

// Compare orders entries by room, user and node.
func (e Entry) Compare(other Entry) int {
	return cmp.Or(
		cmp.Compare(e.Room, other.Room),
		cmp.Compare(e.User.ID, other.User.ID),
		cmp.Compare(e.Node, other.Node),
	)
}

// Registry is one node's view of, and part in, who is where. The node's
// entries live under a lease, which Renew extends; once it has run out nobody
// sees them, and Reap of some other node hands them out. A node that stops
// without Close and starts again has another boot: what its former self left
// stays until that one's lease has run out, and is then for anyone's Reap, its
// own included.
//
// A call that fails may have taken effect all the same. It is not carried out
// later than a call for the same room and user that is made after it and succeeds.
type Registry interface {
	// Enter says that the user is in the room on this node. Twice is no error. It
	// does not extend the lease: what is entered without one is not seen.
	Enter(ctx context.Context, room int64, u User) error
	// Leave says that the user no longer is. Twice is no error.
	Leave(ctx context.Context, room, userID int64) error
	// Online lists the room's entries on all nodes with a valid lease, ordered
	// by user and node.
	Online(ctx context.Context, room int64) ([]Entry, error)
	// Nodes lists the nodes with a valid lease, ordered by id and boot.
	Nodes(ctx context.Context) ([]Node, error)
	// Renew extends this node's lease, or begins one. A node calls it as it
	// starts, and several times a lease. lapsed reports that there was no
	// valid lease or that some of the node's entries were lost with the data of
	// the space: the node must enter its users again. Entries that were neither
	// reaped nor lost are valid again; where some were lost, all that were kept
	// with them are gone, so that no user is left who is not entered again.
	Renew(ctx context.Context) (lapsed bool, err error)
	// Reap removes the entries of other nodes whose lease has run out, and
	// returns them, ordered by room, user and node. Of all callers on all nodes
	// exactly one gets each entry, or none if the caller dies while it calls. What was
	// removed before an error comes with the error.
	Reap(ctx context.Context) ([]Entry, error)
	// Ping reports whether the registry is healthy.
	Ping(ctx context.Context) error
	// Close removes this node's entries and lease. Closing twice is no error. If
	// it fails the lease runs out by itself.
	Close(ctx context.Context) error
}

package ledger

import (
	"context"
	"errors"
	"time"
)

// ErrClosed is returned by a Ledger after Close.
var ErrClosed = errors.New("ledger: closed")

// Document is what a key holds. Version 0: there is none.
type Document struct {
	Version int64
	Value   []byte // not to be changed
}

// Ledger is one node's access to documents that all nodes agree on. A document
// is changed only from a version that the caller has seen: of all who try to
// change the same version exactly one succeeds.
type Ledger interface {
	// Load returns the document, or none.
	Load(ctx context.Context, key string) (Document, error)
	// LoadAll returns the documents in the order of keys, each as it was at some
	// moment during the call.
	LoadAll(ctx context.Context, keys []string) ([]Document, error)
	// Swap stores value if the document is still at version was (0: there is
	// none), and returns it as it is then, and whether it was stored. An empty
	// value removes it. ttl, at least a millisecond, is how long it stays without another Swap.
	//
	// Versions of a key only grow, also after a removal, the end of its ttl or the
	// loss of the data: a new one is at least the microseconds since 1970 of the
	// ledger's clock.
	//
	// After an error the value may have been stored or not, or may be later, until
	// another Swap of that version is; a first value, from version 0, may come
	// even after what others have made of the key was removed.
	Swap(ctx context.Context, key string, was int64, value []byte, ttl time.Duration) (now Document, stored bool, err error)
	// Ping reports whether the ledger is healthy.
	Ping(ctx context.Context) error
	// Close ends this access, and keeps the documents. Closing twice is no error.
	Close() error
}

package api

import (
	"context"
	"log/slog"
	"time"

	"parley/auth"
	"parley/membership"
	"parley/protocol"
	"parley/store"
)

// Config is how the API behaves. The zero value is usable.
type Config struct {
	// BodyBytes bounds a request's body; 0: no bound.
	BodyBytes int64
	// Origins may call from a browser, besides the server's own.
	Origins auth.Origins
	// ICEServers is what GET /api/ice-servers/ answers a user; nil: none. It may be
	// called concurrently.
	ICEServers func(userID int64) protocol.ICEServers
	// Version is the version of the server, for the OpenAPI document.
	Version string
	// Log is told of failures, and at debug level of each request; nil:
	// nobody is.
	Log *slog.Logger
	// Meter observes requests; nil: nobody does.
	Meter Meter
}

// Services is what the API gives access to.
type Services struct {
	Auth  *auth.Service
	Rooms *membership.Service
	Chat  Chat
	Calls Calls
	Rings Rings
}

// Chat keeps messages. Each method checks that the user is a participant of
// the room and returns not_found if not.
type Chat interface {
	// Send stores and broadcasts a message. created is false if in repeats the
	// client_msg_id of m.
	Send(ctx context.Context, author protocol.User, roomID int64, in protocol.SendMessage) (m protocol.Message, created bool, err error)
	// Page lists newest first, and how many there are in all.
	Page(ctx context.Context, userID, roomID int64, p store.Page) ([]protocol.Message, int, error)
	// After lists messages with a greater seq, ascending.
	After(ctx context.Context, userID, roomID, seq int64, limit int) ([]protocol.Message, error)
	// Before lists messages with a lesser seq, descending.
	Before(ctx context.Context, userID, roomID, seq int64, limit int) ([]protocol.Message, error)
	// ChangedSince lists what was edited or deleted at or after since, and how
	// many there are in all.
	ChangedSince(ctx context.Context, userID, roomID int64, since time.Time, p store.Page) ([]protocol.Message, int, error)
}

// Calls knows how calls stand. It does not check who asks.
type Calls interface {
	CallState(ctx context.Context, roomID int64) (protocol.CallState, error)
}

// Rings knows what calls a user missed.
type Rings interface {
	// Missed lists newest first, and how many there are in all.
	Missed(ctx context.Context, userID int64, p store.Page) ([]protocol.MissedCall, int, error)
	// See marks those up to an id as seen.
	See(ctx context.Context, userID, upTo int64) error
}

// Meter observes requests. Its method must not block.
type Meter interface {
	// Request counts an answered request. route is the path's pattern, or
	// "unknown"; method is one of HTTP's own, or "other".
	Request(route, method string, status int, took time.Duration)
}

type noMeter struct{}

func (noMeter) Request(string, string, int, time.Duration) {}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Meter == nil {
		c.Meter = noMeter{}
	}
	if c.ICEServers == nil {
		c.ICEServers = func(int64) protocol.ICEServers { return protocol.ICEServers{} }
	}
	if c.Version == "" {
		c.Version = "0.0.0"
	}
	return c
}

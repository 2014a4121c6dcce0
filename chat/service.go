package chat

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"parley/presence"
	"parley/protocol"
	"parley/room"
	"parley/store"
)

// Store is what chat needs of the store.
type Store interface {
	store.Messages
	RoomByID(ctx context.Context, id int64) (store.Room, error)
	IsParticipant(ctx context.Context, roomID, userID int64) (bool, error)
}

// Meter observes chat. Its methods may be called from any goroutine.
type Meter interface {
	Stored(created bool)
	// CommitToDelivery: n messages took so long from their commit until they were
	// written to the room's sockets.
	CommitToDelivery(n int, took time.Duration)
	Replayed(n int)
}

// Inbox hears of what changes how much is unread. Changed must not block.
type Inbox interface {
	// Changed says that what is unread in a room may have changed for a user, or
	// with userID 0 for all who are in it.
	Changed(roomID, userID int64)
}

// Config sets a Service up.
type Config struct {
	Node         string // this node's name in the presence registry
	MessageChars int    // longest message; default 4000

	Inbox  Inbox // nil: nobody hears of it
	Logger *slog.Logger
	Meter  Meter
}

// readsAtOnce bounds how many replays and look-ups read the store at a time.
const readsAtOnce = 16

// Service is chat for all rooms of this node.
type Service struct {
	// static after construction
	cfg      Config
	store    Store
	hub      *room.Hub
	presence presence.Registry

	ctx    context.Context // ends background work
	cancel context.CancelFunc
	reads  *semaphore.Weighted
	work   sync.WaitGroup
	feed   *presenceFeed
	tide   tide
}

// New makes the service and registers it for the chat channel of every room.
func New(cfg Config, st Store, hub *room.Hub, reg presence.Registry) *Service {
	if cfg.MessageChars == 0 {
		cfg.MessageChars = 4000
	}
	if cfg.Inbox == nil {
		cfg.Inbox = nobody{}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{cfg: cfg, store: st, hub: hub, presence: reg, reads: semaphore.NewWeighted(readsAtOnce)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.feed = newPresenceFeed(reg, cfg.Logger)
	s.work.Go(func() { s.feed.run(s.ctx) })
	hub.Register(protocol.ChannelChat, s.newRoom)
	return s
}

// nobody is an Inbox.
type nobody struct{}

func (nobody) Changed(int64, int64) {}

// Stop ends background work and waits for it.
func (s *Service) Stop() {
	s.cancel()
	s.work.Wait()
}

// background runs fn off the shards, not too many at a time, unless the service
// stops first.
func (s *Service) background(fn func(ctx context.Context)) {
	s.work.Go(func() {
		if s.reads.Acquire(s.ctx, 1) != nil {
			return
		}
		defer s.reads.Release(1)
		fn(s.ctx)
	})
}

// inRoom runs fn on the room's shard if sessions of this node are chatting in it.
func (s *Service) inRoom(roomID int64, fn func(c *roomChat)) {
	s.hub.In(roomID, func(r *room.Room) {
		if r == nil {
			return
		}
		if c, ok := r.Behavior(protocol.ChannelChat).(*roomChat); ok {
			fn(c)
		}
	})
}

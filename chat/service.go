package chat

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
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
	RoomHeads(ctx context.Context, roomIDs []int64) ([]store.RoomHead, error)
	IsParticipant(ctx context.Context, roomID, userID int64) (bool, error)
}

// Meter observes chat. Its methods may be called from any goroutine.
type Meter interface {
	Stored(created bool)
	// CommitToDelivery: n messages took so long from their commit until they were
	// written to the room's sockets.
	CommitToDelivery(n int, took time.Duration)
	Replayed(n int)

	// Published counts a letter to the other nodes, and whether the bus took it.
	Published(taken bool)
	// Heard counts a letter from another node.
	Heard()
	// GapClosed counts a time when a room knew of messages that it had not heard of;
	// repaired says that some were read from the store, and did not come by themselves.
	GapClosed(repaired bool)
	// Repaired counts messages that were.
	Repaired(n int)
}

// Inbox hears of what changes how much is unread. Changed must not block.
type Inbox interface {
	// Changed says that what is unread in a room may have changed for a user, or
	// with userID 0 for all who are in it.
	Changed(roomID, userID int64)
}

// Config sets a Service up.
type Config struct {
	MessageChars int // longest message; default 4000

	// Where there are other nodes:
	GapWait       time.Duration    // how long news that is missing may take until it is read from the store; default 20 ms
	Sweep         time.Duration    // how often all rooms are compared with the store; default 5 s
	PresenceSweep time.Duration    // how often with the presence registry; default 30 s
	Linger        time.Duration    // how long users of a node that is gone are shown: as they have to be back; default 20 s
	Clock         func() time.Time // nil: the machine's

	Inbox  Inbox // nil: nobody hears of it
	Logger *slog.Logger
	Meter  Meter
}

// complete fills in what was left out.
func (c Config) complete() Config {
	c.MessageChars = cmp.Or(c.MessageChars, 4000)
	c.GapWait = cmp.Or(c.GapWait, gapWait)
	c.Sweep = cmp.Or(c.Sweep, 5*time.Second)
	c.PresenceSweep = cmp.Or(c.PresenceSweep, 30*time.Second)
	c.Linger = cmp.Or(c.Linger, 20*time.Second)
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Inbox == nil {
		c.Inbox = nobody{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
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
	sweep  *gathered[int64, standing]  // rooms to be compared with the store
	looks  *gathered[int64, *roomChat] // and with the presence registry
	unseen atomic.Int64                // until when that is taken to be out of reach, in nanoseconds since 1970
	tide   tide
}

// New makes the service and registers it for the chat channel of every room.
func New(cfg Config, st Store, hub *room.Hub, reg presence.Registry) *Service {
	s := &Service{
		cfg: cfg.complete(), store: st, hub: hub, presence: reg, reads: semaphore.NewWeighted(readsAtOnce),
		sweep: newGathered[int64, standing](), looks: newGathered[int64, *roomChat](),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.feed = newPresenceFeed(s)
	s.work.Go(func() { s.feed.run(s.ctx) })
	if !hub.Alone() {
		s.work.Go(s.sweeps)
		s.work.Go(s.looking)
	}
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
	s.inRoomOrNot(roomID, func(c *roomChat) {
		if c != nil {
			fn(c)
		}
	})
}

// inRoomOrNot is inRoom that otherwise runs fn with nil.
func (s *Service) inRoomOrNot(roomID int64, fn func(c *roomChat)) {
	s.hub.In(roomID, func(r *room.Room) {
		if r == nil {
			fn(nil)
			return
		}
		c, _ := r.Behavior(protocol.ChannelChat).(*roomChat)
		fn(c)
	})
}

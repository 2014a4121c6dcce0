package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"parley/cluster"
	"parley/protocol"
	"parley/room"
	"parley/store"
)

// Config sets a Service up.
type Config struct {
	Logger *slog.Logger
}

// Hub tells who comes and goes on this node, and which rooms they are in anywhere:
// room.Hub does.
type Hub interface {
	Employ(c room.Concierge)
	Watch(e room.Endings)
}

// Rooms shows a room as one of its participants sees it, as GET does.
type Rooms interface {
	Get(ctx context.Context, userID, roomID int64) (protocol.Room, error)
}

const (
	// readsAtOnce bounds how many reads of the store run at a time.
	readsAtOnce = 4
	// mostUnread is how many rooms a socket is told of when it arrives.
	mostUnread = 200
	// retryAfter is how long a user waits whose rooms could not be read.
	retryAfter = time.Second
)

// Service is the inboxes of the users who have multiplexed sockets on this node.
type Service struct {
	// static after construction
	log   *slog.Logger
	store store.Inboxes
	rooms Rooms
	bus   cluster.Bus

	mailbox  mailbox
	reads    crew
	outgoing outgoing
	work     sync.WaitGroup // the goroutines of Start
	stop     func()

	// owned by the mailbox's goroutine
	users      map[int64]*resident
	settling   map[*resident]struct{} // of users, those whose rooms are being read
	places     places
	gatherings map[int64]*gathering // by room
}

// New makes a Service that is told by the hub who comes and goes; before the hub's
// Start, as its own Start is to be.
func New(cfg Config, st store.Inboxes, rooms Rooms, hub Hub, bus cluster.Bus) *Service {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		log: cfg.Logger, store: st, rooms: rooms, bus: bus,
		mailbox: newMailbox(), outgoing: newOutgoing(), stop: func() {},
		users:      make(map[int64]*resident),
		settling:   make(map[*resident]struct{}),
		gatherings: make(map[int64]*gathering),
	}
	s.register(hub)
	return s
}

// register has the hub tell the mailbox.
func (s *Service) register(hub Hub) {
	hub.Employ(room.Concierge{
		Arrived: func(c room.Client, ch protocol.Channel) {
			if ch == "" {
				s.mailbox.post(func() { s.arrived(c) })
			}
		},
		Left: func(c room.Client, ch protocol.Channel) {
			if ch == "" {
				s.mailbox.post(func() { s.left(c) })
			}
		},
	})
	hub.Watch(room.Endings{
		Added: func(roomID, userID int64) { s.mailbox.post(func() { s.added(roomID, userID) }) },
		Removed: func(roomID, userID int64, why protocol.LeaveReason) {
			s.mailbox.post(func() { s.removed(roomID, userID, why) })
		},
		RoomDeleted: func(roomID int64) { s.mailbox.post(func() { s.deleted(roomID) }) },
	})
}

// Start begins to tell, and to listen to the other nodes.
func (s *Service) Start(ctx context.Context) error {
	cancel, err := s.bus.Subscribe(ctx, newsTopic, s.hear)
	if err != nil {
		return fmt.Errorf("inbox: subscribe to the bus: %w", err)
	}
	running, end := context.WithCancel(context.WithoutCancel(ctx))
	s.reads.start(running, readsAtOnce)
	s.work.Go(func() { s.mailbox.run(running) })
	s.work.Go(func() { s.dispatch(running) })
	s.stop = func() {
		end()
		s.work.Wait()
		s.reads.wait()
		cancel()
	}
	return nil
}

// Stop ends what Start began and waits for it; what happened before it the other
// nodes still hear. Nobody is told anything here after it.
func (s *Service) Stop() { s.stop() }

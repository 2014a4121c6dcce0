package inbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/protocol"
	"parley/room"
	"parley/store"
)

// Config sets a Service up.
type Config struct {
	Logger *slog.Logger
}

// Hub tells who comes and goes on this node, and which rooms they are in anywhere,
// and is the way to the other nodes: room.Hub does.
type Hub interface {
	Employ(c room.Concierge)
	Watch(e room.Endings)
	Announce(kind byte, body []byte) bool
	Serve(kind byte, fn func(l room.Letter))
	WhenHeard(fn func())
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
	hub   Hub

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
func New(cfg Config, st store.Inboxes, rooms Rooms, hub Hub) *Service {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		log: cfg.Logger, store: st, rooms: rooms, hub: hub,
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
	hub.Serve(room.KindInbox, func(l room.Letter) { s.hear(l.Body) })
	hub.WhenHeard(func() { s.mailbox.post(s.catchUp) })
}

// Start begins to tell, and to be told.
func (s *Service) Start() {
	running, end := context.WithCancel(context.Background())
	s.reads.start(running, readsAtOnce)
	s.work.Go(func() { s.mailbox.run(running) })
	s.work.Go(func() { s.dispatch(running) })
	s.stop = func() {
		end()
		s.work.Wait()
		s.reads.wait()
	}
}

// Stop ends what Start began and waits for it; what happened before it the other
// nodes still hear. Nobody is told anything here after it.
func (s *Service) Stop() { s.stop() }

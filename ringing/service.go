package ringing

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"parley/protocol"
	"parley/ringing/ring"
	"parley/room"
	"parley/store"
)

// Store is what ringing needs of the store.
type Store interface {
	store.MissedCalls
	IsParticipant(ctx context.Context, roomID, userID int64) (bool, error)
	ParticipantsOf(ctx context.Context, roomID int64, p store.Page) ([]store.Participant, int, error)
}

// Meter observes invites. Its method may be called from any goroutine.
type Meter interface {
	// InvitesEnded: n users were called and it came to this: accepted, declined,
	// cancelled, missed.
	InvitesEnded(result string, n int)
}

// Config sets a Service up.
type Config struct {
	Logger *slog.Logger
	Meter  Meter
}

// mostAsked bounds the invites that wait for the store.
const mostAsked = 1024

// set is what rings, told apart by the clients that invited.
type (
	set    = ring.Set[caller]
	invite = ring.Invite[caller]
	ended  = ring.Ended[caller]
)

// caller is a client that invites.
type caller struct {
	client  room.Client
	channel protocol.Channel
}

// Service is all that rings on this node.
type Service struct {
	// static after construction
	cfg   Config
	store Store
	hub   *room.Hub
	wake  chan struct{} // capacity 1: there are jobs, or another first deadline
	work  sync.WaitGroup
	ctx   context.Context // ends the work under way
	end   context.CancelFunc

	mu      sync.Mutex // guards what follows
	set     *set
	clients clients            // who can be told of missed calls
	untold  map[int64]struct{} // users who missed calls, and had no client
	asked   map[int64]int      // invites that wait, by caller
	asking  int                // their sum
	jobs    []job              // for run, in order
	stopped bool

	elsewhere    elsewhere
	askers       map[uint64]asker // by question
	questions    map[int64]int    // how many of them, by user
	lastQuestion uint64
}

// job is something that may block.
type job func(ctx context.Context)

// New makes the service and has the hub employ it.
func New(cfg Config, st Store, hub *room.Hub) *Service {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		cfg: cfg, store: st, hub: hub, wake: make(chan struct{}, 1),
		set: ring.New[caller](), clients: newClients(),
		untold: make(map[int64]struct{}), asked: make(map[int64]int),
		elsewhere: elsewhere{users: make(map[int64][]ringing)}, askers: make(map[uint64]asker),
		questions: make(map[int64]int),
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	hub.Employ(room.Concierge{
		Types: []protocol.Type{
			protocol.TypeCallInvite, protocol.TypeCallAccept, protocol.TypeCallDecline, protocol.TypeCallCancel,
		},
		Receive: s.receive, Arrived: s.arrived, Left: s.left, Moved: s.moved,
	})
	hub.Watch(room.Endings{Removed: s.removed, RoomDeleted: s.roomDeleted})
	hub.Serve(room.KindRinging, s.hear)
	hub.WhenHeard(s.catchUp)
	return s
}

// usersPage is how many users are loaded at a time.
const usersPage = 1000

// Start learns who is to be told of missed calls, and begins to work. It blocks
// for reads of the store.
func (s *Service) Start(ctx context.Context) error {
	if err := s.loadUntold(ctx); err != nil {
		return err
	}
	s.work.Go(s.run)
	return nil
}

func (s *Service) loadUntold(ctx context.Context) error {
	for after := int64(0); ; {
		users, err := s.store.UsersWithUntoldCalls(ctx, after, usersPage)
		if err != nil {
			return fmt.Errorf("ringing: users with missed calls: %w", err)
		}
		s.mu.Lock()
		for _, user := range users {
			s.untold[user] = struct{}{}
			after = user
		}
		s.mu.Unlock()
		if len(users) < usersPage {
			return nil
		}
	}
}

// catchUp learns what other nodes may have said in vain: who missed calls. What
// rang meanwhile and is over still rings for who arrives, until its time is over.
func (s *Service) catchUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.later(func(ctx context.Context) {
		if err := s.loadUntold(ctx); err != nil {
			s.cfg.Logger.Error("ringing: not caught up with", "err", err)
			return
		}
		for _, user := range s.waiting() {
			s.tellMissed(ctx, user)
		}
	})
}

// waiting lists those who are to be told, and have clients here.
func (s *Service) waiting() (users []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for user := range s.untold {
		if len(s.clients.of(user)) > 0 {
			delete(s.untold, user)
			users = append(users, user)
		}
	}
	return users
}

// Stop ends what rings: whoever is being called has missed it. It waits until
// that is stored, or gives up when ctx ends. It comes before the hub's Drain, so
// that sockets are there to be told.
func (s *Service) Stop(ctx context.Context) error {
	s.mu.Lock()
	for _, e := range s.set.Clear() {
		s.cancelled(e)
	}
	s.stopped = true
	s.nudge()
	s.mu.Unlock()
	defer s.end()
	done := make(chan struct{})
	go func() { s.work.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run does the jobs and ends what has rung long enough, until the service stops
// and all is done.
func (s *Service) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		jobs, next, stopped := s.take()
		for _, do := range jobs {
			do(s.ctx)
		}
		switch {
		case len(jobs) > 0:
			continue
		case stopped:
			return
		case !next.IsZero():
			timer.Reset(time.Until(next))
		default:
			timer.Stop()
		}
		select {
		case <-s.wake:
		case <-timer.C:
		}
	}
}

// take returns what is to be done now, and when to look again at the latest.
func (s *Service) take() (jobs []job, next time.Time, stopped bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.set.Expire(time.Now()) {
		s.missed(e, resultMissed)
	}
	jobs, s.jobs = s.jobs, nil
	return jobs, s.set.Next(), s.stopped
}

// later has run do something. Call it with mu held.
func (s *Service) later(do job) {
	s.jobs = append(s.jobs, do)
	s.nudge()
}

func (s *Service) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

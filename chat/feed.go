package chat

import (
	"context"
	"log/slog"
	"sync"

	"parley/presence"
	"parley/protocol"
)

// presenceFeed tells the registry, in order and off the shards, who enters and
// leaves rooms on this node.
type presenceFeed struct {
	// static
	registry presence.Registry
	log      *slog.Logger
	bell     chan struct{} // capacity 1: the queue is not empty

	mu    sync.Mutex
	queue []presenceNews // guarded by mu
}

type presenceNews struct {
	room  int64
	user  presence.User
	leave bool
}

func newPresenceFeed(reg presence.Registry, log *slog.Logger) *presenceFeed {
	return &presenceFeed{registry: reg, log: log, bell: make(chan struct{}, 1)}
}

func (f *presenceFeed) enter(roomID int64, u protocol.User) {
	f.put(presenceNews{room: roomID, user: presence.User{ID: u.ID, Username: u.Username, DisplayName: u.DisplayName}})
}

func (f *presenceFeed) leave(roomID, userID int64) {
	f.put(presenceNews{room: roomID, user: presence.User{ID: userID}, leave: true})
}

func (f *presenceFeed) put(n presenceNews) {
	f.mu.Lock()
	f.queue = append(f.queue, n)
	f.mu.Unlock()
	select {
	case f.bell <- struct{}{}:
	default:
	}
}

func (f *presenceFeed) take() []presenceNews {
	f.mu.Lock()
	defer f.mu.Unlock()
	q := f.queue
	f.queue = nil
	return q
}

// run is the feed's goroutine, until ctx ends.
func (f *presenceFeed) run(ctx context.Context) {
	for {
		select {
		case <-f.bell:
		case <-ctx.Done():
			return
		}
		for _, n := range f.take() {
			if err := f.tell(ctx, n); err != nil && ctx.Err() == nil {
				f.log.Warn("chat: presence not recorded", "room", n.room, "err", err)
			}
		}
	}
}

func (f *presenceFeed) tell(ctx context.Context, n presenceNews) error {
	if n.leave {
		return f.registry.Leave(ctx, n.room, n.user.ID)
	}
	return f.registry.Enter(ctx, n.room, n.user)
}

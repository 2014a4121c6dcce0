package chat

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/presence"
	"parley/protocol"
)

const (
	// feedLanes is how many at a time are told to a registry that others share, and
	// is a round trip away.
	feedLanes = 16
	// feedRetry is when a registry that failed is told again.
	feedRetry = time.Second
)

// presenceFeed tells the registry, off the shards, who enters and leaves rooms on
// this node; and when it has taken that, the other nodes, so that none of them
// finds less there than it was told. What comes and goes again before it is told
// never was.
type presenceFeed struct {
	svc   *Service
	lanes int
	due   *gathered[seat, wish]

	mu      sync.Mutex
	telling map[seat]wish // guarded by mu: what the registry is being told
}

// seat is a user's place in a room by way of this node.
type seat struct {
	room, user int64
}

// wish is how a seat is to stand in the registry.
type wish struct {
	user   presence.User
	online bool
	sure   bool // as the registry has it the seat is not so yet
}

func newPresenceFeed(s *Service) *presenceFeed {
	f := &presenceFeed{svc: s, lanes: feedLanes, due: newGathered[seat, wish]()}
	if s.hub.Alone() {
		f.lanes = 1
	}
	return f
}

// change says that a user came to a room or left it.
func (f *presenceFeed) change(roomID int64, u *protocol.User, online bool) {
	f.put(roomID, wish{user: presence.User(*u), online: online, sure: true})
}

// amend says what was found wrong in the registry, unless it is about to be told.
func (f *presenceFeed) amend(roomID int64, u presence.User, online bool) {
	f.mu.Lock()
	_, telling := f.telling[seat{roomID, u.ID}]
	f.mu.Unlock()
	if !telling {
		f.correct(roomID, u, online)
	}
}

// correct says what the registry does not know any more.
func (f *presenceFeed) correct(roomID int64, u presence.User, online bool) {
	f.put(roomID, wish{user: u, online: online})
}

func (f *presenceFeed) put(roomID int64, w wish) {
	f.due.update(seat{roomID, w.user.ID}, func(was wish, had bool) (wish, bool) {
		if had && was.online != w.online {
			if was.sure && w.sure {
				return wish{}, false
			}
			w.sure = false
		}
		return w, true
	})
	f.due.ring()
}

// run is the feed's goroutine, until ctx ends.
func (f *presenceFeed) run(ctx context.Context) {
	for failing := false; ; {
		select {
		case <-f.due.bell:
		case <-ctx.Done():
			return
		}
		wishes := f.due.take()
		f.hold(wishes)
		err := f.tell(ctx, wishes)
		f.hold(nil)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			failing = false
			continue
		}
		if !failing {
			f.svc.cfg.Logger.Warn("chat: presence not recorded", "err", err)
			failing = true
		}
		time.AfterFunc(feedRetry, f.due.ring)
	}
}

func (f *presenceFeed) hold(wishes map[seat]wish) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.telling = wishes
}

// tell gives up where the registry fails; what it did not take is due again.
func (f *presenceFeed) tell(ctx context.Context, wishes map[seat]wish) error {
	lanes, ctx := errgroup.WithContext(ctx)
	lanes.SetLimit(f.lanes)
	for at, w := range wishes {
		lanes.Go(func() error {
			err := f.tellOne(ctx, at.room, w)
			if err != nil {
				f.again(at, w)
				return err
			}
			f.svc.publishPresence(at.room, f.svc.hub.Boot(), w.online, w.user)
			return nil
		})
	}
	return lanes.Wait()
}

// again has a wish due that may or may not have come true, unless there is a later
// one.
func (f *presenceFeed) again(at seat, w wish) {
	f.due.update(at, func(later wish, had bool) (wish, bool) {
		if had {
			w = later
		}
		w.sure = false
		return w, true
	})
}

func (f *presenceFeed) tellOne(ctx context.Context, roomID int64, w wish) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	registry := f.svc.presence
	if w.online {
		return registry.Enter(ctx, roomID, w.user)
	}
	return registry.Leave(ctx, roomID, w.user.ID)
}

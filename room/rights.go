package room

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Rights says who belongs to which room, where a multiplexed socket asks for one.
type Rights interface {
	// Remembers does not block; false means nothing.
	Remembers(roomID, userID int64) bool
	IsParticipant(ctx context.Context, roomID, userID int64) (bool, error)
}

// lookupsAtOnce bounds how many rights are looked up at a time.
const lookupsAtOnce = 64

// rights is where they are looked up, off the shards.
type rights struct {
	source Rights // static after Guard

	ctx    context.Context // ends look-ups
	cancel context.CancelFunc
	free   *semaphore.Weighted
	work   sync.WaitGroup
}

func newRights() rights {
	ctx, cancel := context.WithCancel(context.Background())
	return rights{ctx: ctx, cancel: cancel, free: semaphore.NewWeighted(lookupsAtOnce)}
}

// Guard names who knows the rights, before Start. Without it nobody may subscribe
// to anything.
func (h *Hub) Guard(r Rights) { h.rights.source = r }

func (r *rights) remembers(roomID, userID int64) bool {
	return r.source != nil && r.source.Remembers(roomID, userID)
}

// ask calls then, on a goroutine of its own, with what is known of a right. If
// the hub stops first it never does.
func (r *rights) ask(roomID, userID int64, then func(belongs bool, err error)) {
	r.work.Go(func() {
		if r.free.Acquire(r.ctx, 1) != nil {
			return
		}
		defer r.free.Release(1)
		if r.source == nil {
			then(false, nil)
			return
		}
		then(r.source.IsParticipant(r.ctx, roomID, userID))
	})
}

func (r *rights) stop() {
	r.cancel()
	r.work.Wait()
}

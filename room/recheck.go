package room

import (
	"context"
	"sync"
	"time"

	"parley/protocol"
	"parley/store"
)

// Standings says what still stands of the rights that sessions rest on: see
// store.Standings.
type Standings interface {
	RoomHeads(ctx context.Context, roomIDs []int64) ([]store.RoomHead, error)
	LiveTokens(ctx context.Context, tokenIDs []int64) ([]int64, error)
	Belonging(ctx context.Context, places []store.Place) ([]store.Place, error)
}

const (
	// recheckBatch is how many rights are asked for at a time.
	recheckBatch = 1000
	// recheckTimeout bounds one question.
	recheckTimeout = 10 * time.Second
	// recheckEvery is how often rights are checked while news may be missing.
	recheckEvery = 10 * time.Second
)

// startRechecks has rights checked until Stop.
func (h *Hub) startRechecks() {
	k := &recheck{hub: h, source: h.cfg.Standings, bell: make(chan struct{}, 1)}
	h.WhenHeard(k.ring)
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { k.run(ctx) })
	h.cancel = append(h.cancel, func() { cancel(); work.Wait() })
}

// recheck has the rights of all sessions checked where endings may have been
// missed: when the bus carries again, and from time to time while it does not.
type recheck struct {
	hub    *Hub
	source Standings
	bell   chan struct{} // capacity 1
}

func (k *recheck) ring() {
	select {
	case k.bell <- struct{}{}:
	default: // it rings
	}
}

// run is a goroutine, until ctx ends.
func (k *recheck) run(ctx context.Context) {
	tick := time.NewTicker(recheckEvery)
	defer tick.Stop()
	for {
		select {
		case <-k.bell:
		case <-tick.C:
			if k.hub.bus.Ping(ctx) == nil {
				continue
			}
		case <-ctx.Done():
			return
		}
		if err := k.all(ctx); err != nil && ctx.Err() == nil {
			k.hub.cfg.Logger.Warn("room: rights not checked again", "err", err)
			time.AfterFunc(recheckEvery/10, k.ring)
		}
	}
}

// rests is what a shard's sessions rest on.
type rests struct {
	tokens map[int64]struct{}
	rooms  map[int64]struct{}
	places map[store.Place]struct{}
}

// all checks everything once, and ends what does not stand any more as the news of
// its ending would have.
func (k *recheck) all(ctx context.Context) error {
	for _, sh := range k.hub.shards {
		r, ok := k.gather(ctx, sh)
		if !ok {
			return ctx.Err()
		}
		if err := k.tokens(ctx, keys(r.tokens)); err != nil {
			return err
		}
		if err := k.rooms(ctx, keys(r.rooms)); err != nil {
			return err
		}
		if err := k.places(ctx, keys(r.places)); err != nil {
			return err
		}
	}
	return nil
}

func (k *recheck) gather(ctx context.Context, sh *shard) (rests, bool) {
	answer := make(chan rests, 1)
	posted := sh.edge.Post(func() {
		r := rests{map[int64]struct{}{}, map[int64]struct{}{}, map[store.Place]struct{}{}}
		sh.lines.each(func(l *line) { r.tokens[l.login] = struct{}{} })
		for id, room := range sh.rooms {
			r.rooms[id] = struct{}{}
			for s := range room.Sessions("") {
				r.places[store.Place{RoomID: id, UserID: s.user.ID}] = struct{}{}
			}
		}
		answer <- r
	})
	if !posted {
		return rests{}, false
	}
	select {
	case r := <-answer:
		return r, true
	case <-ctx.Done():
		return rests{}, false
	}
}

func (k *recheck) tokens(ctx context.Context, ids []int64) error {
	return missing(ctx, ids, k.source.LiveTokens, func(id int64) { k.hub.carryOut(control{Token: id}) })
}

func (k *recheck) rooms(ctx context.Context, ids []int64) error {
	return missing(ctx, ids, func(ctx context.Context, ids []int64) ([]int64, error) {
		heads, err := k.source.RoomHeads(ctx, ids)
		there := make([]int64, len(heads))
		for i, h := range heads {
			there[i] = h.RoomID
		}
		return there, err
	}, func(id int64) { k.hub.carryOut(control{Room: id}) })
}

func (k *recheck) places(ctx context.Context, places []store.Place) error {
	return missing(ctx, places, k.source.Belonging, func(p store.Place) {
		k.hub.carryOut(control{Room: p.RoomID, User: p.UserID, Reason: protocol.LeaveRemoved})
	})
}

// missing calls ended for each of those that a source does not have any more.
func missing[T comparable](ctx context.Context, all []T, source func(context.Context, []T) ([]T, error), ended func(T)) error {
	for len(all) > 0 {
		batch := all[:min(len(all), recheckBatch)]
		all = all[len(batch):]
		asking, cancel := context.WithTimeout(ctx, recheckTimeout)
		there, err := source(asking, batch)
		cancel()
		if err != nil {
			return err
		}
		stands := make(map[T]struct{}, len(there))
		for _, x := range there {
			stands[x] = struct{}{}
		}
		for _, x := range batch {
			if _, ok := stands[x]; !ok {
				ended(x)
			}
		}
	}
	return nil
}

func keys[T comparable](set map[T]struct{}) []T {
	list := make([]T, 0, len(set))
	for x := range set {
		list = append(list, x)
	}
	return list
}

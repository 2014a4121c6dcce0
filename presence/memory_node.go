package presence

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// memoryNode is one node's part in a Memory.
type memoryNode struct {
	// Static after construction.
	space *Memory
	id    string

	// Guarded by space.mu.
	closed bool
	until  time.Time // the lease is valid before it
}

// Enter implements Registry. It does not extend the lease.
func (n *memoryNode) Enter(ctx context.Context, room int64, u User) error {
	return n.do(ctx, func(time.Time) { n.space.enter(room, u, n) })
}

// Leave implements Registry.
func (n *memoryNode) Leave(ctx context.Context, room, userID int64) error {
	return n.do(ctx, func(time.Time) { n.space.leave(room, userID, n) })
}

// Online implements Registry.
func (n *memoryNode) Online(ctx context.Context, room int64) ([]Entry, error) {
	var online []Entry
	err := n.do(ctx, func(now time.Time) {
		for _, s := range n.space.rooms[room] {
			if !s.node.lapsed(now) {
				online = append(online, Entry{Room: room, User: s.user, Node: s.node.id})
			}
		}
	})
	slices.SortFunc(online, compare)
	return online, err
}

// Renew implements Registry. Entries of a lapsed lease that nobody has reaped
// yet are valid again.
func (n *memoryNode) Renew(ctx context.Context) (lapsed bool, err error) {
	err = n.do(ctx, func(now time.Time) {
		lapsed = n.lapsed(now)
		n.until = now.Add(n.space.lease)
	})
	return lapsed, err
}

// Reap implements Registry. A node never reaps its own entries: it lives.
func (n *memoryNode) Reap(ctx context.Context) ([]Entry, error) {
	var freed []Entry
	err := n.do(ctx, func(now time.Time) {
		dead := make(map[*memoryNode]bool)
		for other := range n.space.nodes {
			if other != n && other.lapsed(now) {
				dead[other] = true
			}
			if other.closed {
				delete(n.space.nodes, other)
			}
		}
		if len(dead) > 0 {
			freed = n.space.clear(func(other *memoryNode) bool { return dead[other] })
		}
	})
	slices.SortFunc(freed, compare)
	return freed, err
}

// Ping implements Registry.
func (n *memoryNode) Ping(ctx context.Context) error {
	return n.do(ctx, func(time.Time) {})
}

// Close implements Registry. It does not block, and so does its work even if
// ctx has ended.
func (n *memoryNode) Close(context.Context) error {
	n.space.mu.Lock()
	defer n.space.mu.Unlock()
	if n.closed {
		return nil
	}
	n.closed = true
	delete(n.space.nodes, n)
	n.space.clear(func(other *memoryNode) bool { return other == n })
	return nil
}

// do runs step at one moment of the space's clock, under its lock.
func (n *memoryNode) do(ctx context.Context, step func(now time.Time)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n.space.mu.Lock()
	defer n.space.mu.Unlock()
	if n.closed {
		return ErrClosed
	}
	step(n.space.clock())
	return nil
}

// lapsed reports whether the lease has run out. Called under space.mu.
func (n *memoryNode) lapsed(now time.Time) bool { return !now.Before(n.until) }

// compare orders entries by room, user and node.
func compare(a, b Entry) int {
	return cmp.Or(
		cmp.Compare(a.Room, b.Room),
		cmp.Compare(a.User.ID, b.User.ID),
		cmp.Compare(a.Node, b.Node),
	)
}

package presence

import (
	"context"
	"slices"
	"time"
)

// memoryNode is one node's part in a Memory.
type memoryNode struct {
	// Static after construction.
	space *Memory
	node  Node

	// Guarded by space.mu.
	closed bool
}

// Enter implements Registry.
func (n *memoryNode) Enter(ctx context.Context, room int64, u User) error {
	return n.do(ctx, func(time.Time) { n.space.enter(room, u, n.node) })
}

// Leave implements Registry.
func (n *memoryNode) Leave(ctx context.Context, room, userID int64) error {
	return n.do(ctx, func(time.Time) { n.space.leave(room, userID, n.node) })
}

// Online implements Registry.
func (n *memoryNode) Online(ctx context.Context, room int64) ([]Entry, error) {
	var online []Entry
	err := n.do(ctx, func(now time.Time) {
		for _, s := range n.space.rooms[room] {
			if !s.by.lapsed(now) {
				online = append(online, Entry{Room: room, User: s.user, Node: s.by.node.Boot})
			}
		}
	})
	slices.SortFunc(online, Entry.Compare)
	return online, err
}

// Nodes implements Registry.
func (n *memoryNode) Nodes(ctx context.Context) ([]Node, error) {
	var alive []Node
	err := n.do(ctx, func(now time.Time) {
		for _, h := range n.space.holders {
			if !h.lapsed(now) {
				alive = append(alive, h.node)
			}
		}
	})
	slices.SortFunc(alive, Node.Compare)
	return alive, err
}

// Renew implements Registry.
func (n *memoryNode) Renew(ctx context.Context) (lapsed bool, err error) {
	err = n.do(ctx, func(now time.Time) {
		h := n.space.holder(n.node)
		lapsed = h.lapsed(now)
		h.until = now.Add(n.space.lease)
	})
	return lapsed, err
}

// Reap implements Registry. A node never reaps its own entries: it lives.
func (n *memoryNode) Reap(ctx context.Context) ([]Entry, error) {
	var freed []Entry
	err := n.do(ctx, func(now time.Time) {
		freed = n.space.remove(func(h *holder) bool { return h.node.Boot != n.node.Boot && h.lapsed(now) })
	})
	slices.SortFunc(freed, Entry.Compare)
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
	n.space.remove(func(h *holder) bool { return h.node.Boot == n.node.Boot })
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

// lapsed reports whether the lease has run out.
func (h *holder) lapsed(now time.Time) bool { return !now.Before(h.until) }

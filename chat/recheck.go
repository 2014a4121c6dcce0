package chat

import (
	"context"
	"time"

	"parley/store"
)

const (
	// changePage is how many changes are read at a time.
	changePage = 100
	// changeMargin is how long a change may be under way after it was given its time:
	// others, that are later, may be read before it.
	changeMargin = 5 * time.Second
	// askTimeout bounds one question to the store or the registry: none waits for an
	// answer that was lost.
	askTimeout = 10 * time.Second
)

// compare takes the room's head in the store, and sees to what was missed. Of a room
// that was entered anew meanwhile nothing is: it is being loaded.
func (c *roomChat) compare(head store.RoomHead) {
	if !c.loaded {
		return
	}
	if head.LastSeq > c.lastSeq {
		c.reach(head.LastSeq)
	}
	t, now := c.told, c.svc.cfg.Clock()
	if head.ChangedAt.After(t.checked) {
		t.settles = now.Add(changeMargin)
	}
	if t.checking || !t.open(now) {
		return
	}
	t.due, t.checking = false, true
	since := t.checked
	if !since.IsZero() {
		since = since.Add(-changeMargin)
	}
	c.recheck(head.ChangedAt, since, t.clock)
}

// recheck reads, off the shard, what was changed since a time, and tells of what
// the room was not told of; latest is the latest change that is sure to be in it.
func (c *roomChat) recheck(latest, since time.Time, clock int) {
	c.svc.background(func(ctx context.Context) {
		found, err := c.svc.changesSince(ctx, c.room.ID(), since)
		c.still(func() {
			c.told.checking = false
			if err != nil {
				c.svc.cfg.Logger.Warn("chat: missed changes not read", "room", c.room.ID(), "err", err)
				c.told.again()
				return
			}
			c.told.checked = latest
			for _, e := range found {
				switch {
				case c.told.since(e, clock):
					c.told.again() // whether before or after what was read: to be seen
				case e.seq > c.lastSeq:
					c.reach(e.seq)
					c.told.again()
				default:
					c.tell(e)
				}
			}
		})
	})
}

// changesSince reads the messages of a room that were changed at or after since.
func (s *Service) changesSince(ctx context.Context, roomID int64, since time.Time) (found []event, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	for offset := 0; ; offset += changePage {
		page, _, err := s.store.MessagesChangedSince(ctx, roomID, since, store.Page{Offset: offset, Limit: changePage})
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			if e, changed := eventOf(m); changed {
				found = append(found, e)
			}
		}
		if len(page) < changePage {
			return found, nil
		}
	}
}

package chat

import (
	"context"
	"time"

	"parley/store"
)

// Bounds of what a room keeps that came too early; what is beyond them is read
// from the store when its turn has come.
const (
	keptMessages = 256
	keptBytes    = 256 << 10
	keptEvents   = 256
)

// How a gap is filled from the store: a page read at a time, of which a portion is
// sent and then a pause made, so that no socket that keeps up is swamped.
const (
	gapPage    = 100
	gapPortion = 64 << 10
	gapWait    = 20 * time.Millisecond // default: longer than news take, shorter than people notice
	gapRetry   = time.Second           // when the store could not be read
)

// gap is what a room has not heard of that it knows to be stored, and what it heard
// of behind that. A room has one only while it misses something. It belongs to the
// room's shard.
type gap struct {
	head     int64 // the newest seq that is known to be stored
	kept     map[int64]posted
	bytes    int     // of kept
	waiting  []event // of messages that are still to come
	page     []store.Message
	last     bool  // nothing was behind the page when it was read
	sought   int64 // the head then
	repaired bool  // some of it was read
}

// reach takes note that a message with a seq that is to come is stored. Other
// nodes' news have a moment to bring what is missing, then it is read.
func (c *roomChat) reach(seq int64) *gap {
	if c.gap == nil {
		c.gap = &gap{kept: make(map[int64]posted)}
		c.fillLater(c.gap, c.svc.cfg.GapWait)
	}
	c.gap.head = max(c.gap.head, seq)
	return c.gap
}

func (g *gap) keep(m posted) {
	if _, has := g.kept[m.message.Seq]; has || len(g.kept) == keptMessages || g.bytes+m.size() > keptBytes {
		return
	}
	g.kept[m.message.Seq] = m
	g.bytes += m.size()
}

func (g *gap) take(seq int64) (m posted, has bool) {
	if m, has = g.kept[seq]; has {
		delete(g.kept, seq)
		g.bytes -= m.size()
	}
	return m, has
}

// narrow sends what follows upon the last message and was kept.
func (c *roomChat) narrow() {
	g := c.gap
	if g == nil {
		return
	}
	for {
		m, has := g.take(c.lastSeq + 1)
		if !has {
			break
		}
		c.send(m)
	}
	c.tellDue(g)
	if c.lastSeq >= g.head {
		c.gap = nil
		c.svc.cfg.Meter.GapClosed(g.repaired)
	}
}

// fillLater has a gap filled, if there still is one by then.
func (c *roomChat) fillLater(g *gap, after time.Duration) {
	time.AfterFunc(after, func() {
		c.still(func() {
			switch {
			case c.gap != g:
			case len(g.page) > 0:
				c.fill(g)
			default:
				c.fetch(g)
			}
		})
	})
}

// fetch reads, off the shard, what follows upon the last message.
func (c *roomChat) fetch(g *gap) {
	after := c.lastSeq
	g.sought = g.head
	c.svc.background(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		page, err := c.svc.store.MessagesAfter(ctx, c.room.ID(), after, gapPage)
		c.still(func() {
			switch {
			case c.gap != g:
			case err != nil:
				c.svc.cfg.Logger.Warn("chat: missed messages not read", "room", c.room.ID(), "after", after, "err", err)
				c.fillLater(g, gapRetry)
			default:
				g.page, g.last = page, len(page) < gapPage
				c.fill(g)
			}
		})
	})
}

// sendStored sends a message as the store has it now. Those who have read it there
// before it was changed get it no more, but need the change.
func (c *roomChat) sendStored(m store.Message) (bytes int) {
	p := posted{message: Wire(m)}
	had := len(c.replays)+len(c.ahead) > 0
	c.send(p)
	if e, changed := eventOf(m); changed && c.told != nil {
		if had {
			c.tell(e)
		} else {
			c.told.take(e)
		}
	}
	return p.size()
}

// fill sends a portion of what was read. What the store has is the truth: should a
// seq be missing there, it is passed over.
func (c *roomChat) fill(g *gap) {
	read := 0
	for bytes := 0; len(g.page) > 0 && bytes < gapPortion; {
		m := g.page[0]
		g.page = g.page[1:]
		if m.Seq <= c.lastSeq {
			continue // was heard of meanwhile
		}
		g.take(m.Seq)
		bytes += c.sendStored(m)
		read++
	}
	if read > 0 {
		g.repaired = true
		c.svc.cfg.Meter.Repaired(read)
	}
	c.narrow()
	switch {
	case c.gap != g:
	case len(g.page) == 0 && g.last && c.lastSeq < g.sought:
		c.svc.cfg.Logger.Error("chat: messages are not in the store that were said to be",
			"room", c.room.ID(), "stored", c.lastSeq, "said", g.sought)
		c.gap = nil
	default:
		c.fillLater(g, c.svc.cfg.GapWait)
	}
}

package chat

import (
	"context"
	"encoding/json"
	"time"

	"parley/protocol"
	"parley/room"
	"parley/store"
)

const (
	// changesMargin is how much the clocks of two nodes and of the database may
	// differ: changes of messages that a client was told of so long before it moved
	// it is told again.
	changesMargin = 2 * time.Second
	changesPage   = 100
)

// position is how far a session got on the node that packs it.
type position struct {
	Seq int64     `json:"seq"` // all up to here was sent to it, or is kept for it
	At  time.Time `json:"at"`
}

// Pack implements room.Mover.
func (c *roomChat) Pack(s *room.Session) []byte {
	at := position{Seq: max(c.lastSeq, c.ahead[s]), At: time.Now()}
	if p := c.replays[s]; p != nil {
		at.Seq = p.cursor
		if p.moved != nil { // that has not gone on yet where it did
			at.At = p.moved.At
		}
	}
	b, err := json.Marshal(at)
	if err != nil {
		panic("chat: a position always encodes: " + err.Error())
	}
	return b
}

// Unpack implements room.Mover: a session that goes on behind what it had, by a
// replay.
func (c *roomChat) Unpack(s *room.Session, packed []byte) {
	var at position
	if err := json.Unmarshal(packed, &at); err != nil {
		c.svc.cfg.Logger.Error("chat: session from another node not understood", "room", c.room.ID(), "err", err)
		c.Enter(s)
		return
	}
	c.enter(s, &replay{chat: c, session: s, cursor: at.Seq, moved: &at})
}

// changes sends what became, while the session was on its way, of messages that it
// has; the replay follows. What changes from now on the room tells it.
func (p *replay) changes(since time.Time, skip int) {
	read(p, func(ctx context.Context, c *roomChat) ([]store.Message, error) {
		ms, _, err := c.svc.store.MessagesChangedSince(ctx, c.room.ID(), since, store.Page{Offset: skip, Limit: changesPage})
		return ms, err
	}, func(ms []store.Message) {
		for _, m := range ms {
			if m.Seq <= p.cursor {
				p.session.Direct(room.Encode(changeType(m), m.RoomID, Wire(m)))
			}
		}
		if len(ms) == changesPage {
			next := changedAt(ms[changesPage-1])
			if next.After(since) {
				skip = -changesPage // from the start: what is changed again meanwhile moves to the end
			}
			p.session.WhenDrained(func() { p.changes(next, skip+changesPage) })
			return
		}
		p.moved = nil
		p.begin()
	})
}

func changedAt(m store.Message) time.Time {
	if m.DeletedAt.After(m.EditedAt) {
		return m.DeletedAt
	}
	return m.EditedAt
}

// changeType is the event of a message that was changed.
func changeType(m store.Message) protocol.Type {
	if !m.DeletedAt.IsZero() {
		return protocol.TypeMessageDelete
	}
	return protocol.TypeMessageEdit
}

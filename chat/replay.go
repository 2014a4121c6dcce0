package chat

import (
	"context"

	"parley/protocol"
	"parley/room"
	"parley/store"
)

// replayPage is how many messages are read from the store at a time, and how
// many deliveries are kept meanwhile.
const replayPage = 100

// replay brings one session up to date: every message after its cursor, in
// order, as fast as its socket takes them. The store is read off the shard, one
// page at a time; what the room delivers to the others since a page was asked
// for is kept, and follows the last page. So there is neither a gap nor a
// double, and the replay ends however much is being written.
type replay struct {
	// static
	chat    *roomChat
	session *room.Session

	// owned by the shard
	cursor int64 // the client has all up to here; -1: from now on
	page   []store.Message
	last   bool       // nothing was behind the page when it was read
	tail   []delivery // what was delivered since the page was asked for
	torn   bool       // that was too much to keep

	moved *position // where the session was on another node; nil: it was not, or what it missed of that was sent
}

// delivery is a message that the others have got.
type delivery struct {
	seq   int64
	frame room.Frame
}

func (p *replay) begin() {
	switch last := p.chat.lastSeq; {
	case p.moved != nil:
		p.changes(p.moved.At.Add(-changesMargin), 0)
	case p.cursor > last:
		p.confirm()
	case p.cursor < 0 || p.cursor == last:
		p.finish()
	default:
		p.fetch()
	}
}

// confirm asks the store whether there is what the client says it has: it may
// be ahead of the deliveries by a moment, or know messages that were lost with
// an older copy of the data. These it is not to wait for.
func (p *replay) confirm() {
	read(p, func(ctx context.Context, c *roomChat) (store.Room, error) {
		return c.svc.store.RoomByID(ctx, c.room.ID())
	}, func(r store.Room) {
		if p.cursor = min(p.cursor, r.LastSeq); p.cursor < p.chat.lastSeq {
			p.fetch()
			return
		}
		p.finish()
	})
}

func (p *replay) fetch() {
	p.tail, p.torn = nil, false
	after := p.cursor
	read(p, func(ctx context.Context, c *roomChat) ([]store.Message, error) {
		return c.svc.store.MessagesAfter(ctx, c.room.ID(), after, replayPage)
	}, func(page []store.Message) {
		p.page, p.last = page, len(page) < replayPage
		p.pump()
	})
}

// read runs ask off the shard and then, on it, with what ask found; the session
// is closed if that failed.
func read[T any](p *replay, ask func(context.Context, *roomChat) (T, error), then func(T)) {
	c := p.chat
	c.svc.background(func(ctx context.Context) {
		found, err := ask(ctx, c)
		c.room.Post(func() {
			switch {
			case p.session.Gone():
			case err != nil:
				c.svc.cfg.Logger.Error("chat: replay failed", "room", c.room.ID(), "err", err)
				p.session.Close(protocol.CloseInternal, "replay failed", protocol.LeaveTimeout)
			default:
				then(found)
			}
		})
	})
}

// delivered takes note of a message that the others have got.
func (p *replay) delivered(seq int64, f room.Frame) {
	switch {
	case p.torn:
	case len(p.tail) == replayPage:
		p.tail, p.torn = nil, true
	default:
		f.Keep()
		p.tail = append(p.tail, delivery{seq, f})
	}
}

// pump sends what the socket's queue has room for.
func (p *replay) pump() {
	for len(p.page) > 0 && p.roomy() {
		m := p.page[0]
		p.page = p.page[1:]
		p.send(delivery{m.Seq, room.Encode(protocol.TypeChatMessage, m.RoomID, Wire(m))})
	}
	whole := len(p.page) == 0
	for whole && p.last && len(p.tail) > 0 && p.roomy() {
		d := p.tail[0]
		p.tail = p.tail[1:]
		p.send(d)
	}
	switch {
	case !whole:
		p.session.WhenDrained(p.pump)
	case !p.last || p.torn:
		p.session.WhenDrained(p.fetch)
	case len(p.tail) > 0:
		p.session.WhenDrained(p.pump)
	default:
		p.finish()
	}
}

func (p *replay) roomy() bool { return p.session.Buffered() < p.session.Portion() }

func (p *replay) send(d delivery) {
	if d.seq > p.cursor {
		p.cursor = d.seq
		p.chat.replayed = max(p.chat.replayed, d.seq)
		p.session.Direct(d.frame)
		p.chat.svc.cfg.Meter.Replayed(1)
	}
}

// finish makes the session live.
func (p *replay) finish() {
	c, s := p.chat, p.session
	drop(&c.replays, s)
	if p.cursor > c.lastSeq {
		put(&c.ahead, s, p.cursor)
	}
	s.Direct(c.online.state())
	c.online.news.told(s)
	s.Release()
}

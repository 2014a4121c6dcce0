package chat

import (
	"hash/maphash"
	"time"

	"parley/protocol"
	"parley/store"
)

// event is what happened to a message after it was sent: an edit, a deletion, or
// that somebody has read up to it.
type event struct {
	kind byte   // of its letter
	from string // the boot of the node that made it; "": the store was asked
	bulletin
}

// key is what was changed: a message, or a reader's marker.
func (e *event) key() int64 {
	if e.kind == letterRead {
		return -e.id
	}
	return e.id
}

// eventOf is the last change of a message, as the store has it; none if it was
// never changed.
func eventOf(m store.Message) (e event, changed bool) {
	at := m.EditedAt
	e.kind = letterEdit
	if !m.DeletedAt.IsZero() {
		at, e.kind = m.DeletedAt, letterDelete
	}
	if at.IsZero() {
		return event{}, false
	}
	e.bulletin = bulletin{id: m.ID, seq: m.Seq, version: at.UnixMilli()}
	e.encode(func(b []byte) []byte { return protocol.Append(b, frameOf(e.kind), m.RoomID, Wire(m)) })
	return e, true
}

// readOf is that somebody's marker has moved.
func readOf(roomID int64, r protocol.MessageRead) event {
	e := event{kind: letterRead, bulletin: bulletin{id: r.UserID, seq: r.Seq}}
	e.encode(func(b []byte) []byte { return protocol.Append(b, protocol.TypeMessageRead, roomID, r) })
	return e
}

// tell tells the room's sockets of an event, once they have its message. Those who
// are catching up get it when they have.
func (c *roomChat) tell(e event) {
	switch {
	case !c.loaded:
		c.lastSeq = max(c.lastSeq, e.seq) // which is stored, then
	case e.seq > c.lastSeq:
		if g := c.reach(e.seq); len(g.waiting) < keptEvents {
			g.waiting = append(g.waiting, e)
		} else {
			c.told.again()
		}
		return
	}
	news, sure := c.told.take(e)
	if !sure {
		c.told.again()
		c.verify()
	}
	if news {
		c.room.Broadcast(protocol.ChannelChat, c.frame(frameOf(e.kind), e.text))
	}
}

// tellDue tells of events that waited for messages which have been sent.
func (c *roomChat) tellDue(g *gap) {
	waiting := g.waiting
	g.waiting = nil
	for _, e := range waiting {
		if e.seq > c.lastSeq {
			g.waiting = append(g.waiting, e)
		} else {
			c.tell(e)
		}
	}
}

// toldEvents is of how many messages and markers a room remembers the last change.
const toldEvents = 128

// told is what a room was told of lately: of each message and marker the last event. News
// of two nodes may cross: by what is remembered the older does not follow the newer,
// and where it cannot be said which is which the store is asked. It belongs to the
// room's shard; nil, it remembers nothing, as where there are no other nodes.
type told struct {
	seed  maphash.Seed
	last  map[int64]version
	order []int64 // of last, the oldest first
	clock int     // counts what was told

	checked  time.Time // the latest change when the store was last asked
	checking bool
	due      bool      // it is to be asked again, whatever its latest change is
	settles  time.Time // and until then: others may be on their way of the time of the latest
}

type version struct {
	at    int64
	from  string
	sum   uint64 // of the frame: two changes may be of the same millisecond
	clock int
}

// take reports whether a change is news to the room, and whether that is sure.
func (t *told) take(e event) (news, sure bool) {
	if t == nil {
		return true, true
	}
	at := e.version
	if e.kind == letterRead {
		at = e.seq
	}
	is := version{at: at, from: e.from, sum: maphash.Bytes(t.seed, e.text), clock: t.clock + 1}
	was, known := t.last[e.key()]
	switch {
	case known && was.at == is.at && was.sum == is.sum:
		return false, true
	case known && is.at <= was.at && is.from != was.from && is.from != "":
		return false, e.kind == letterRead // a marker never moves back
	}
	t.remember(e.key(), is, known)
	return true, true
}

func (t *told) remember(key int64, is version, known bool) {
	if t.last == nil {
		t.last = make(map[int64]version)
	}
	t.clock = is.clock
	t.last[key] = is
	if known {
		return
	}
	if t.order = append(t.order, key); len(t.order) > toldEvents {
		delete(t.last, t.order[0])
		t.order = t.order[1:]
	}
}

// since reports whether the room was told of a change of the same after a time by
// the clock.
func (t *told) since(e event, clock int) bool { return t.last[e.key()].clock > clock }

// open reports whether the store is to be asked, whatever its latest change is.
func (t *told) open(now time.Time) bool { return t.due || now.Before(t.settles) }

// again has the store asked at the next comparison.
func (t *told) again() {
	if t != nil {
		t.due = true
	}
}

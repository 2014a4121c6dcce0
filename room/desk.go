package room

import (
	"bytes"
	"time"

	"parley/edge"
	"parley/protocol"
)

// desk is what rides a multiplexed line: subscriptions to channels of many rooms,
// and what concerns its user whatever the room. It belongs to the line's shard.
type desk struct {
	line   line
	subs   map[place]*subscription
	next   *desk      // of the same user, on the same shard
	share  edge.Share // of the shard's turns: no more than a room's
	pauses int32      // for how many reasons nothing is read
	gone   bool
	moved  bool // to another node
}

// place is a channel of a room.
type place struct {
	roomID  int64
	channel protocol.Channel
}

func (sh *shard) openDesk(c *edge.Conn, e Entry) edge.Handler {
	d := &desk{}
	if !sh.line(&d.line, c, e) {
		return ended{}
	}
	if sh.fences.stops(fence{token: e.TokenID}, e.Checked) {
		d.line.Close(uint16(protocol.CloseUnauthenticated), "logged out")
		return &d.line
	}
	d.line.rider = d
	c.Join(&d.share)
	if sh.desks == nil {
		sh.desks = make(map[int64]*desk)
	}
	d.next = sh.desks[e.User.ID]
	sh.desks[e.User.ID] = d
	sh.hub.cfg.Meter.SessionOpened(deskChannel)
	d.line.Welcome(protocol.Welcome{})
	sh.hub.arrived(d, "")
	if p := e.Return.passage; p != nil && p.parcel != nil {
		d.board(p.parcel)
	}
	return &d.line
}

// deskChannel is what the meter knows multiplexed sockets by.
const deskChannel = "all"

// at implements rider.
func (d *desk) at(roomID int64, ch protocol.Channel) bool { return roomID == 0 && ch == "" }

// again implements rider.
func (d *desk) again(protocol.ID) {}

// received implements rider.
func (d *desk) received(payload []byte) {
	defer d.survive()
	hub := d.line.shard.hub
	e, err := protocol.Decode(payload)
	if err == nil {
		err = d.dispatch(payload, e)
	}
	if err != nil {
		hub.cfg.Meter.FrameIn(string(e.Type))
		d.Fail(e.ID, err)
	}
}

// dispatch deals with a frame, or has the subscription that it is for do so. Of
// what fails nothing was done.
func (d *desk) dispatch(payload []byte, e protocol.Envelope) error {
	hub := d.line.shard.hub
	if c := hub.concierge(e.Type); c != nil {
		hub.cfg.Meter.FrameIn(string(e.Type))
		c.Receive(d, "", e.RoomID, e)
		return nil
	}
	ch := e.Type.Channel()
	if ch != "" {
		if e.RoomID == 0 {
			return protocol.Invalid("room_id", "is required on this socket")
		}
		sub := d.subs[place{e.RoomID, ch}]
		if sub == nil || sub.rider == nil {
			return protocol.Errorf(protocol.CodeNotSubscribed, "subscribe to the %s of room %d first", ch, e.RoomID)
		}
		sub.rider.received(payload)
		return nil
	}
	switch e.Type {
	case protocol.TypePing:
		d.reply(protocol.TypePong, e.ID)
	case protocol.TypeReceived: // of a client that need not say so
		d.Ack(e.ID, protocol.Empty{})
	case protocol.TypeSubscribe:
		return d.subscribe(e)
	case protocol.TypeUnsubscribe:
		return d.unsubscribe(e)
	default:
		return protocol.Errorf(protocol.CodeUnknownType, "no such frame")
	}
	hub.cfg.Meter.FrameIn(string(e.Type))
	return nil
}

// drained implements rider.
func (d *desk) drained() {
	for _, sub := range d.subs {
		if sub.asked {
			sub.asked = false
			sub.rider.drained()
		}
	}
}

// suspended implements rider.
func (d *desk) suspended(until time.Time) {
	for _, sub := range d.subs {
		sub.tell(func(r rider) { r.suspended(until) })
	}
}

// resumed implements rider.
func (d *desk) resumed() {
	d.line.conn.Join(&d.share)
	d.line.Welcome(protocol.Welcome{})
	for _, sub := range d.subs {
		sub.tell(rider.resumed)
	}
}

// closed implements rider.
func (d *desk) closed(c edge.Closure) {
	d.gone, d.moved = true, c.Code == codeMoved
	sh, user := d.line.shard, d.line.user.ID
	for at, sub := range d.subs {
		delete(d.subs, at)
		sub.end(c)
	}
	sh.forget(user, d)
	sh.hub.cfg.Meter.SessionClosed(deskChannel)
	sh.hub.left(d, "", d.moved)
}

func (d *desk) pause() {
	d.pauses++
	d.line.PauseReading()
}

func (d *desk) goOn() {
	if d.pauses--; d.pauses == 0 {
		d.line.ResumeReading()
	}
}

// forget takes a desk out of its user's chain.
func (sh *shard) forget(user int64, d *desk) {
	first := sh.desks[user]
	if first != d {
		for ; first.next != d; first = first.next {
		}
		first.next = d.next
		return
	}
	if d.next == nil {
		delete(sh.desks, user)
	} else {
		sh.desks[user] = d.next
	}
}

// User implements Client.
func (d *desk) User() *protocol.User { return d.line.user }

// Send implements Client.
func (d *desk) Send(f Frame) {
	if !d.gone {
		d.line.shard.hub.cfg.Meter.FrameOut(string(f.Type), 1)
		d.line.Send(f.wire)
	}
}

// Post implements Client.
func (d *desk) Post(fn func()) bool {
	return d.line.shard.edge.Post(func() {
		defer d.survive()
		fn()
	})
}

// Ack implements Client.
func (d *desk) Ack(id protocol.ID, data protocol.Payload) { d.ackIn(0, id, data) }

func (d *desk) ackIn(roomID int64, id protocol.ID, data protocol.Payload) {
	if id == nil {
		return
	}
	d.answer(Frame{protocol.TypeAck, d.line.shard.edge.NewText(func(b []byte) []byte {
		return protocol.AppendReply(b, protocol.TypeAck, id, roomID, data)
	})})
}

// answer sends what follows from a frame of the client's, wherever it is.
func (d *desk) answer(f Frame) {
	if d.moved {
		d.line.shard.hub.late(d.ConnectionID(), bytes.Clone(f.Payload()))
		return
	}
	d.Send(f)
}

// reply answers with a type that has nothing to say.
func (d *desk) reply(t protocol.Type, id protocol.ID) {
	d.Send(Frame{t, d.line.shard.edge.NewText(func(b []byte) []byte {
		return protocol.AppendReply(b, t, id, 0, protocol.Empty{})
	})})
}

// Fail implements Client.
func (d *desk) Fail(id protocol.ID, err error) {
	hub := d.line.shard.hub
	e := protocol.AsError(err)
	if e.Code == protocol.CodeInternal {
		hub.cfg.Logger.Error("room: request failed", "user", d.line.user.ID, "err", err)
	}
	hub.cfg.Meter.ErrorSent(string(e.Code))
	d.answer(Frame{protocol.TypeError, d.line.shard.edge.NewText(func(b []byte) []byte {
		return protocol.AppendError(b, id, 0, e)
	})})
}

// survive, deferred, keeps a fault in what is done for one client from ending
// everybody's.
func (d *desk) survive() {
	if fault := recover(); fault != nil {
		logFault(d.line.shard.hub, 0, fault)
		d.line.Close(uint16(protocol.CloseInternal), "internal error")
	}
}

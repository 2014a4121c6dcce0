package room

import (
	"time"

	"parley/edge"
	"parley/protocol"
)

// subscription is a desk's part in one channel of a room: to the session there
// it is the socket. It belongs to the line's shard.
type subscription struct {
	// static
	desk *desk
	at   place

	// owned by the shard
	rider   rider       // the session, or its carrier; nil until the right is known
	id      protocol.ID // of the frame that asked for it, until it is answered
	acked   bool        // it was let in, and the client told
	over    bool        // it was ended, and the client told
	asked   bool        // NotifyDrained
	paused  bool        // PauseReading
	session *Session    // where the room is on this shard; static
	carrier *carrier    // where it is not; static
	packed  *packed     // what it was on another node, until the right is known
}

// subscription makes one, in one piece with its rider-to-be.
func (d *desk) subscription(at place, id protocol.ID) *subscription {
	sub := subscription{desk: d, at: at, id: id}
	if d.line.shard.hub.shardOf(at.roomID) == d.line.shard {
		here := &struct {
			sub     subscription
			session Session
		}{sub: sub}
		here.sub.session = &here.session
		return &here.sub
	}
	there := &struct {
		sub     subscription
		carrier carrier
	}{sub: sub}
	there.sub.carrier = &there.carrier
	return &there.sub
}

// subscribe begins a subscription. Subscribing again to what one is subscribed
// to answers the same.
func (d *desk) subscribe(e protocol.Envelope) error {
	hub := d.line.shard.hub
	at, since, err := asks(e)
	if err != nil {
		return err
	}
	if sub := d.subs[at]; sub != nil {
		hub.cfg.Meter.FrameIn(string(e.Type))
		id := e.ID.Clone()
		sub.tell(func(r rider) { r.again(id) })
		return nil
	}
	if most := hub.cfg.Subscriptions; most > 0 && len(d.subs) >= most {
		return protocol.Errorf(protocol.CodeTooManySubscriptions, "at most %d subscriptions", most)
	}
	hub.cfg.Meter.FrameIn(string(e.Type))
	d.admit(d.subscription(at, e.ID.Clone()), Entry{
		RoomID: at.roomID, Channel: at.channel, User: d.line.user, TokenID: d.line.login,
		Since: since, shared: true, Checked: time.Now(), // before anything is recalled or looked up: see fence
	})
	return nil
}

// admit has a subscription begin as soon as it is known that it may.
func (d *desk) admit(sub *subscription, entry Entry) {
	hub, at := d.line.shard.hub, sub.at
	if d.subs == nil {
		d.subs = make(map[place]*subscription)
	}
	d.subs[at] = sub
	if hub.rights.remembers(at.roomID, d.line.user.ID) {
		sub.begin(entry)
		return
	}
	d.pause() // what the client asks next may need it
	hub.rights.ask(at.roomID, d.line.user.ID, func(belongs bool, err error) {
		d.Post(func() {
			d.goOn()
			switch {
			case d.subs[at] != sub:
			case err != nil:
				sub.deny(protocol.CloseInternal, err)
			case !belongs:
				sub.deny(protocol.CloseForbidden, notTheirs(at.roomID))
			default:
				sub.begin(entry)
			}
		})
	})
}

func notTheirs(roomID int64) error {
	return protocol.Errorf(protocol.CodePermissionDenied, "not a participant of room %d", roomID)
}

// asks reads what a subscribe or unsubscribe is about. The room may be named in
// the envelope or in the data.
func asks(e protocol.Envelope) (at place, since int64, err error) {
	var in protocol.Subscribe
	if err := protocol.DecodeData(e.Data, &in); err != nil {
		return at, 0, err
	}
	at = place{in.RoomID, in.Channel}
	since = -1
	switch {
	case at.roomID == 0:
		at.roomID = e.RoomID
	case e.RoomID != 0 && e.RoomID != at.roomID:
		return at, 0, protocol.Invalid("room_id", "two different rooms are named")
	}
	if at.roomID < 1 || at.roomID >= protocol.MaxID {
		return at, 0, protocol.Invalid("room_id", "must be a positive integer")
	}
	if at.channel != protocol.ChannelChat && at.channel != protocol.ChannelCall {
		return at, 0, protocol.Invalid("channel", "must be chat or call")
	}
	if in.SinceSeq != nil {
		if since = *in.SinceSeq; since < 0 || since >= protocol.MaxID {
			return at, 0, protocol.Invalid("since_seq", "must be an integer from 0 on")
		}
	}
	return at, since, nil
}

// begin enters the room.
func (sub *subscription) begin(e Entry) {
	sh := sub.desk.line.shard
	sub.packed = nil
	if sub.carrier != nil {
		sub.rider = sub.carrier
		sub.carrier.carry(sub, e, sh, sh.hub.shardOf(e.RoomID))
		return
	}
	if sh.enter(sub.session, sub, e) {
		sub.rider = sub.session
		sub.session.begin()
	}
}

// unsubscribe ends a subscription by the client's wish. Ending none is no error.
func (d *desk) unsubscribe(e protocol.Envelope) error {
	at, _, err := asks(e)
	if err != nil {
		return err
	}
	d.line.shard.hub.cfg.Meter.FrameIn(string(e.Type))
	if sub := d.subs[at]; sub != nil {
		delete(d.subs, at)
		if !sub.acked && sub.id != nil { // it is not let in any more
			sub.acked = true
			d.Fail(sub.id, protocol.Errorf(protocol.CodeNotSubscribed, "unsubscribed before it was let in"))
		}
		sub.end(edge.Closure{Code: uint16(protocol.CloseNormal), Remote: true})
	}
	d.Ack(e.ID, protocol.Empty{})
	return nil
}

// deny refuses a subscription, or ends it if its client was let in on another
// node.
func (sub *subscription) deny(code protocol.CloseCode, err error) {
	if sub.acked {
		sub.Close(uint16(code), protocol.AsError(err).Message)
		return
	}
	sub.refuse(err)
}

// refuse answers who may not subscribe.
func (sub *subscription) refuse(err error) {
	delete(sub.desk.subs, sub.at)
	sub.desk.Fail(sub.id, err)
}

func (sub *subscription) end(c edge.Closure) {
	sub.over = true
	sub.ResumeReading() // the others' frames
	if sub.rider != nil {
		sub.rider.closed(c)
	}
}

func (sub *subscription) tell(fn func(r rider)) {
	if sub.rider != nil {
		fn(sub.rider)
	}
}

// Send implements socket.
func (sub *subscription) Send(f *edge.Frame) {
	if !sub.over {
		sub.desk.line.Send(f)
	}
}

// Welcome implements socket: the answer to the subscribe. On a resume the line
// was welcomed already.
func (sub *subscription) Welcome(w protocol.Welcome) {
	if sub.acked {
		return
	}
	sub.acked = true
	if sub.id != nil {
		sub.desk.ackIn(sub.at.roomID, sub.id, protocol.Subscribed{LastSeq: w.LastSeq})
		sub.id = nil
	}
}

// Awaited implements socket: the line is welcomed by the desk.
func (sub *subscription) Awaited() {}

// Close implements socket: it ends the subscription, and only where the client
// has no right to anything any more the line.
func (sub *subscription) Close(code uint16, reason string) {
	d := sub.desk
	if d.subs[sub.at] != sub {
		return
	}
	if code == uint16(protocol.CloseUnauthenticated) {
		d.line.Close(code, reason)
		return
	}
	sub.over = true
	if !sub.acked {
		sub.refuse(refused(protocol.CloseCode(code), reason))
	} else {
		delete(d.subs, sub.at)
		f := Encode(protocol.TypeUnsubscribed, sub.at.roomID, protocol.Unsubscribed{
			RoomID: sub.at.roomID, Channel: sub.at.channel, Code: protocol.CloseCode(code), Reason: reason,
		})
		if sub.at.channel == protocol.ChannelChat {
			f.wire.Bulk() // behind all that the chat has sent
		}
		d.Send(f)
	}
	d.line.shard.edge.Defer(func() { sub.end(edge.Closure{Code: code, Reason: reason}) })
}

// refused is the error of a subscription that was ended before it was let in.
func refused(code protocol.CloseCode, reason string) error {
	switch code {
	case protocol.CloseForbidden, protocol.CloseRoomDeleted:
		return protocol.Errorf(protocol.CodePermissionDenied, "%s", reason)
	case protocol.CloseRestart, protocol.CloseOverloaded:
		return protocol.Errorf(protocol.CodeUnavailable, "%s", reason)
	}
	return protocol.Errorf(protocol.CodeInternal, "%s", reason)
}

// Buffered implements socket.
func (sub *subscription) Buffered() int { return sub.desk.line.Buffered() }

// NotifyDrained implements socket.
func (sub *subscription) NotifyDrained() {
	sub.asked = true
	sub.desk.line.NotifyDrained()
}

// PauseReading implements reader.
func (sub *subscription) PauseReading() {
	if !sub.paused {
		sub.paused = true
		sub.desk.pause()
	}
}

// ResumeReading implements reader.
func (sub *subscription) ResumeReading() {
	if sub.paused {
		sub.paused = false
		sub.desk.goOn()
	}
}

// primary implements socket: what is for chat and call alike goes to the call.
func (sub *subscription) primary() bool {
	if sub.at.channel == protocol.ChannelCall {
		return true
	}
	other := sub.desk.subs[place{sub.at.roomID, protocol.ChannelCall}]
	return other == nil || !other.acked
}

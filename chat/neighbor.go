package chat

import (
	"parley/presence"
	"parley/protocol"
	"parley/room"
)

// Synchronize implements room.Neighbor. From now on the room hears the others: what
// it missed until now is looked for.
func (c *roomChat) Synchronize() {
	if !c.loaded {
		c.missed = true
		return
	}
	c.verify()
	c.online.look()
}

// Hear implements room.Neighbor.
func (c *roomChat) Hear(l room.Letter) {
	c.svc.cfg.Meter.Heard()
	var err error
	switch l.Kind {
	case letterMessage, letterEdit, letterDelete, letterRead, letterTyping:
		err = c.hearBulletin(l)
	case letterOnline, letterOffline:
		err = c.hearAttendance(l)
	default:
		err = errLetter // of a node of a later version
	}
	if err != nil {
		c.svc.cfg.Logger.Warn("chat: letter dropped", "room", c.room.ID(), "from", l.From, "kind", l.Kind, "err", err)
	}
}

func (c *roomChat) hearBulletin(l room.Letter) error {
	b, err := readBulletin(l.Body)
	if err != nil {
		return err
	}
	switch l.Kind {
	case letterMessage:
		c.deliver(posted{message: protocol.Message{Seq: b.seq}, text: b.text})
	case letterTyping:
		c.room.BroadcastLive(protocol.ChannelChat, c.frame(protocol.TypeTyping, b.text), room.Except{User: b.id})
	default:
		c.tell(event{kind: l.Kind, from: l.From, bulletin: b})
	}
	return nil
}

func (c *roomChat) hearAttendance(l room.Letter) error {
	a, err := readAttendance(l.Body)
	if err != nil {
		return err
	}
	if a.boot == c.svc.hub.Boot() {
		return nil // this node was taken for dead: whoever is here is entered again when it knows of that
	}
	for _, u := range a.users {
		if l.Kind == letterOnline {
			c.online.comes(a.boot, u)
		} else {
			c.online.goes(a.boot, u.ID)
		}
	}
	return nil
}

// still runs fn on the room's shard, unless the room was left by all meanwhile: a
// room of the same id that is there then is another.
func (c *roomChat) still(fn func()) {
	c.svc.inRoom(c.room.ID(), func(now *roomChat) {
		if now == c {
			fn()
		}
	})
}

// publish tells the other nodes with sessions in a room. What the bus does not take,
// or loses, they find by themselves.
func (s *Service) publish(roomID int64, kind byte, body []byte) {
	s.cfg.Meter.Published(s.hub.Publish(roomID, protocol.ChannelChat, kind, body))
}

// publishEvent tells the sockets of a room, on this node and the others, of an
// event of this node's making. It is called from any goroutine, in commit order.
func (s *Service) publishEvent(roomID int64, e event) {
	e.from = s.hub.Boot()
	if !s.hub.Alone() {
		s.publish(roomID, e.kind, e.body)
	}
	s.inRoom(roomID, func(c *roomChat) { c.tell(e) })
}

// publishPresence tells the other nodes who came to a room or left it, by way of a
// node.
func (s *Service) publishPresence(roomID int64, boot string, online bool, users ...presence.User) {
	if s.hub.Alone() {
		return
	}
	a := attendance{boot: boot, users: make([]protocol.User, len(users))}
	for i, u := range users {
		a.users[i] = protocol.User(u)
	}
	kind := letterOffline
	if online {
		kind = letterOnline
	}
	s.publish(roomID, kind, a.encode())
}

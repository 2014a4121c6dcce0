package room

import "parley/protocol"

// Client is a connection as those see it who deal with users rather than with
// rooms. It belongs to a shard's goroutine, but for Post.
type Client interface {
	User() *protocol.User
	// Send gives the client a frame. It does nothing once the client is gone.
	Send(f Frame)
	// Ack and Fail answer a frame; Ack one that had an id.
	Ack(id protocol.ID, data protocol.Payload)
	Fail(id protocol.ID, err error)
	// Post runs fn later on the client's goroutine. Any goroutine may call it. It
	// reports false, and fn never runs, when the node is stopping.
	Post(fn func()) bool
}

// Post implements Client.
func (s *Session) Post(fn func()) bool { return s.room.Post(fn) }

// Concierge is who deals with users: it is told of clients, and takes frames that
// any of them may send. Its methods are called on the clients' goroutines, several
// at once, and must not block. A channel of "" stands for a multiplexed socket.
type Concierge struct {
	Types []protocol.Type // of frames that Receive takes
	// Receive takes a frame of one of the types. roomID is 0 where a multiplexed
	// socket named none; whether the user belongs to the room is known only of
	// clients with a channel. e is lent, as to Behavior.Receive.
	Receive func(c Client, ch protocol.Channel, roomID int64, e protocol.Envelope)
	Arrived func(c Client, ch protocol.Channel) // is up to date; not on a resume
	Left    func(c Client, ch protocol.Channel) // only of those that arrived
	// Moved is Left of a client that goes on, under the same connection id, on
	// another node. nil: Left is called.
	Moved func(c Client, ch protocol.Channel)
}

// Employ adds a concierge, before Start. Nil functions are not called.
func (h *Hub) Employ(c Concierge) { h.concierges = append(h.concierges, c) }

// concierge finds who takes frames of a type, nil if nobody does.
func (h *Hub) concierge(t protocol.Type) *Concierge {
	for i := range h.concierges {
		for _, taken := range h.concierges[i].Types {
			if t == taken {
				return &h.concierges[i]
			}
		}
	}
	return nil
}

func (h *Hub) arrived(c Client, ch protocol.Channel) {
	for i := range h.concierges {
		if fn := h.concierges[i].Arrived; fn != nil {
			fn(c, ch)
		}
	}
}

func (h *Hub) left(c Client, ch protocol.Channel, moved bool) {
	for i := range h.concierges {
		fn := h.concierges[i].Left
		if m := h.concierges[i].Moved; moved && m != nil {
			fn = m
		}
		if fn != nil {
			fn(c, ch)
		}
	}
}

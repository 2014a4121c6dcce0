package room

import (
	"context"
	"encoding/json"

	"parley/edge"
	"parley/protocol"
)

// usersTopic carries what users are told to every node, this one included.
const usersTopic = "parley.users"

// Audience is who is told something: a user's multiplexed sockets, on every node,
// and where ChatOf is not 0 the user's sockets in the chat of that room too; but
// for one of them, if Except is not nil.
type Audience struct {
	UserID int64
	ChatOf int64
	Except Client
}

// telling is a frame on its way to a user.
type telling struct {
	User   int64           `json:"user"`
	ChatOf int64           `json:"chat_of,omitempty"`
	Except string          `json:"except,omitempty"` // a connection
	Type   protocol.Type   `json:"type"`
	Frame  json.RawMessage `json:"frame"`
}

// Tell sends a frame to a user. roomID 0 leaves `room_id` out. It may be called
// from any goroutine, and blocks no longer than the bus does: not on a shard's.
func Tell[P protocol.Payload](h *Hub, to Audience, t protocol.Type, roomID int64, data P) {
	h.publish(usersTopic, telling{
		User: to.UserID, ChatOf: to.ChatOf, Except: nameOf(to.Except),
		Type: t, Frame: protocol.Append(nil, t, roomID, data),
	}, h.told)
}

// publish sends a message to every node. If the bus fails this node has it at
// least.
func (h *Hub) publish(topic string, message any, here func(payload []byte)) {
	b, err := json.Marshal(message)
	if err != nil {
		panic("room: a message always encodes: " + err.Error())
	}
	ctx, cancel := context.WithTimeout(context.Background(), announceTimeout)
	defer cancel()
	if err := h.bus.Publish(ctx, topic, b); err != nil {
		h.cfg.Logger.Error("room: not announced to the other nodes", "topic", topic, "err", err)
		here(b)
	}
}

// told is what a user is told, on this node.
func (h *Hub) told(payload []byte) {
	var m telling
	if err := json.Unmarshal(payload, &m); err != nil {
		h.cfg.Logger.Error("room: message to a user not understood", "err", err)
		return
	}
	f := classed(m.Type, edge.TextOf(m.Frame))
	for _, sh := range h.shards {
		sh.edge.Post(func() {
			for d := sh.desks[m.User]; d != nil; d = d.next {
				if m.Except == "" || m.Except != d.connectionID() {
					d.Send(f)
				}
			}
		})
	}
	if m.ChatOf != 0 {
		h.In(m.ChatOf, func(r *Room) {
			if r == nil {
				return
			}
			for s := range r.Sessions(protocol.ChannelChat) {
				if s.user.ID == m.User && !s.shared && (m.Except == "" || m.Except != s.connectionID()) {
					s.Send(f)
				}
			}
		})
	}
}

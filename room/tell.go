package room

import (
	"encoding/json"

	"parley/edge"
	"parley/protocol"
)

// Audience is who is told something: a user's multiplexed sockets, on every node,
// and where ChatOf is not 0 the user's sockets in the chat of that room too, and of
// those in its call the one that Also names; but for one connection, if Except
// names it: see NameOf.
type Audience struct {
	UserID int64
	ChatOf int64
	Also   string
	Except string
}

// telling is a frame on its way to a user.
type telling struct {
	User   int64           `json:"user"`
	ChatOf int64           `json:"chat_of,omitempty"`
	Also   string          `json:"also,omitempty"`   // a connection
	Except string          `json:"except,omitempty"` // a connection
	Type   protocol.Type   `json:"type"`
	Frame  json.RawMessage `json:"frame"`
}

// Tell sends a frame to a user. roomID 0 leaves `room_id` out. It may be called
// from any goroutine and does not block.
func Tell[P protocol.Payload](h *Hub, to Audience, t protocol.Type, roomID int64, data P) {
	m := telling{
		User: to.UserID, ChatOf: to.ChatOf, Also: to.Also, Except: to.Except,
		Type: t, Frame: protocol.Append(nil, t, roomID, data),
	}
	h.give(m)
	h.spread(kindTelling, m)
}

// spread sends a message to every other node.
func (h *Hub) spread(kind byte, message any) {
	if h.cfg.Alone {
		return
	}
	b, err := json.Marshal(message)
	if err != nil {
		panic("room: a message always encodes: " + err.Error())
	}
	if !h.Announce(kind, b) {
		h.cfg.Logger.Error("room: not announced to the other nodes", "kind", kind)
	}
}

// told is what another node has a user told.
func (h *Hub) told(payload []byte) {
	var m telling
	if err := json.Unmarshal(payload, &m); err != nil {
		h.cfg.Logger.Error("room: message to a user not understood", "err", err)
		return
	}
	h.give(m)
}

// give tells a user's clients on this node.
func (h *Hub) give(m telling) {
	f := classed(m.Type, edge.TextOf(m.Frame))
	for _, sh := range h.shards {
		sh.edge.Post(func() {
			for d := sh.desks[m.User]; d != nil; d = d.next {
				if m.Except == "" || m.Except != d.ConnectionID() {
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
				if s.user.ID == m.User && !s.shared && (m.Except == "" || m.Except != s.ConnectionID()) {
					s.Send(f)
				}
			}
			if m.Also == "" {
				return
			}
			for s := range r.Sessions(protocol.ChannelCall) {
				if s.user.ID == m.User && !s.shared && s.ConnectionID() == m.Also {
					s.Send(f)
				}
			}
		})
	}
}

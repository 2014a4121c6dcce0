package room

import "parley/protocol"

// Neighbor is a Behavior that other nodes may have their own part of: one on each
// node that has sessions of its channel in the room. Its methods are called on the
// room's shard.
type Neighbor interface {
	Behavior
	// Synchronize says that from now on the room hears what the other nodes publish,
	// perhaps after a time in which it did not: what they published until now is to
	// be fetched from where it is kept. Before the first, and wherever the bus is
	// out of reach, the room hears nothing and serves those who are here.
	Synchronize()
	// Hear takes a letter, which may be kept.
	Hear(l Letter)
}

// Alone reports that the room is on this node only.
func (r *Room) Alone() bool { return r.shard.hub.cfg.Alone }

// Publish tells the other nodes that have sessions in the room. It does not
// block; it reports false if the bus did not take it. What it took may be lost on
// its way; of what it carries, a node's publications of one room keep their order.
func (r *Room) Publish(ch protocol.Channel, kind byte, body []byte) bool {
	return r.shard.hub.Publish(r.id, ch, kind, body)
}

// Publish is Room.Publish for any goroutine, whether or not this node has sessions
// in the room.
func (h *Hub) Publish(roomID int64, ch protocol.Channel, kind byte, body []byte) bool {
	if h.cfg.Alone {
		return true
	}
	l := Letter{From: h.cfg.Boot, RoomID: roomID, Channel: ch, Kind: kind, Body: body}
	return h.bus.Post(roomTopic(roomID), l.encode())
}

// follow has a room hear of the other nodes, until unfollow.
func (r *Room) follow() {
	h := r.shard.hub
	if h.cfg.Alone {
		return
	}
	r.unfollow = h.bus.Follow(roomTopic(r.id), r.heard, func() {
		r.shard.edge.Post(func() {
			if r.shard.rooms[r.id] == r {
				r.synchronized = true
				r.neighbors("", func(n Neighbor) { n.Synchronize() })
			}
		})
	})
}

// heard takes what came on the room's topic, on a goroutine of the bus's.
func (r *Room) heard(payload []byte) {
	h := r.shard.hub
	l, err := readLetter(payload)
	if err != nil {
		h.cfg.Logger.Error("room: letter not understood", "room", r.id, "err", err)
		return
	}
	if l.From == h.cfg.Boot {
		return
	}
	r.shard.edge.Post(func() {
		if r.shard.rooms[r.id] == r {
			if r.Behavior(l.Channel) == nil && h.factories[l.Channel] != nil {
				r.guarded(func() { r.part(l.Channel) })
			}
			r.neighbors(l.Channel, func(n Neighbor) { n.Hear(l) })
		}
	})
}

// neighbors calls fn for the behavior of a channel, or with "" for all.
func (r *Room) neighbors(ch protocol.Channel, fn func(n Neighbor)) (taken bool) {
	for _, p := range r.parts {
		if n, is := p.behavior.(Neighbor); is && (ch == "" || ch == p.channel) {
			taken = true
			r.guarded(func() { fn(n) })
		}
	}
	return taken
}

func (r *Room) guarded(fn func()) {
	defer r.survive()
	fn()
}

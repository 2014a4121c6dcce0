package room

import (
	"strconv"
)

// Kinds of letters that concern no room.
const (
	kindControl byte = iota + 1 // an ending: see control
	kindTelling                 // what a user is told: see telling
	KindInbox                   // package inbox's
	KindRinging                 // package ringing's
)

// everyTopic is where every node gets its letters; nodeTopic, where one does.
const everyTopic = "parley.nodes"

// nodeTopic is where one node gets its letters.
func nodeTopic(boot string) string { return "parley.node." + boot }

// roomTopic is where the nodes get what concerns a room.
func roomTopic(id int64) string { return "parley.room." + strconv.FormatInt(id, 10) }

// Boot names this process among the nodes.
func (h *Hub) Boot() string { return h.cfg.Boot }

// Alone reports that there are no other nodes to hear from or to tell.
func (h *Hub) Alone() bool { return h.cfg.Alone }

// Announce tells every other node, with a letter of room 0. It does not block, and
// reports false if the bus did not take it. What it took may be lost on its way.
func (h *Hub) Announce(kind byte, body []byte) bool {
	if h.cfg.Alone {
		return true
	}
	return h.bus.Post(everyTopic, Letter{From: h.cfg.Boot, Kind: kind, Body: body}.encode())
}

// Write sends a letter to one node. It does not block; it reports false if the
// letter was not taken. What was taken may be lost on its way.
func (h *Hub) Write(boot string, l Letter) bool {
	l.From = h.cfg.Boot
	return h.bus.Post(nodeTopic(boot), l.encode())
}

// Serve names who takes letters with room 0 of a kind, before Start. fn is called
// on a goroutine of the bus's and must not block.
func (h *Hub) Serve(kind byte, fn func(l Letter)) { h.clerks[kind] = fn }

// WhenHeard has fn called, on a goroutine of the bus's, whenever this node hears
// what the others announce after a time when it did not: what they announced
// until then it has missed. Name it before Start; it must not block.
func (h *Hub) WhenHeard(fn func()) { h.heard = append(h.heard, fn) }

// listen hears the other nodes, until Stop.
func (h *Hub) listen() {
	if h.cfg.Alone {
		return
	}
	h.cancel = append(h.cancel,
		h.bus.Follow(nodeTopic(h.cfg.Boot), h.delivered, func() {}),
		h.bus.Follow(everyTopic, h.delivered, func() {
			for _, fn := range h.heard {
				fn()
			}
		}))
}

// EachRoom calls fn, on their shards, for all rooms that have sessions here. It
// does not wait.
func (h *Hub) EachRoom(fn func(r *Room)) {
	for _, sh := range h.shards {
		sh.edge.Post(func() {
			for _, r := range sh.rooms {
				r.guarded(func() { fn(r) })
			}
		})
	}
}

// delivered takes a letter to this node, on a goroutine of the bus's.
func (h *Hub) delivered(payload []byte) {
	l, err := readLetter(payload)
	if err != nil {
		h.cfg.Logger.Error("room: letter not understood", "err", err)
		return
	}
	if l.From == h.cfg.Boot {
		return
	}
	if l.RoomID == 0 {
		if fn := h.clerks[l.Kind]; fn != nil {
			fn(l)
		}
		return
	}
	h.In(l.RoomID, func(r *Room) {
		if r != nil && r.neighbors(l.Channel, func(n Neighbor) { n.Hear(l) }) || l.Kind&Returned != 0 {
			return
		}
		l.Kind |= Returned
		h.Write(l.From, l)
	})
}

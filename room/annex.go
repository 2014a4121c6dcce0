package room

import (
	"slices"

	"parley/protocol"
)

// annex is where a room's broadcasts arrive on another shard: the carriers there
// that get them. It belongs to that shard.
type annex struct {
	carriers []*carrier // in no order
}

// broadcast sends a frame to the carriers of a channel, or with "" to all, but
// to none of a user, nor of the others named.
func (a *annex) broadcast(ch protocol.Channel, f Frame, user int64, others []*carrier) (n int) {
	for _, k := range a.carriers {
		if (k.channel == ch || ch == "" && k.conn.primary()) && (user == 0 || k.user != user) && !slices.Contains(others, k) {
			k.conn.Send(f.wire)
			n++
		}
	}
	return n
}

package room

import (
	"parley/edge"
	"parley/protocol"
)

// Frame is an encoded server frame: made once, sent to many.
type Frame struct {
	Type protocol.Type
	wire *edge.Frame
}

// Payload is the text of a frame that may be kept, such as Encode makes.
func (f Frame) Payload() []byte { return f.wire.Payload() }

// Encode makes the frame of a payload, to be kept for any time. roomID 0 leaves
// `room_id` out.
func Encode[P protocol.Payload](t protocol.Type, roomID int64, data P) Frame {
	return Fill(t, func(b []byte) []byte { return protocol.Append(b, t, roomID, data) })
}

// Fill makes a frame from JSON that fill appends, to be kept for any time.
func Fill(t protocol.Type, fill func(b []byte) []byte) Frame {
	return classed(t, edge.NewText(fill))
}

// EncodeIn is Encode for a frame of a room, in a buffer of its shard's. It is
// made on the shard, and good until the shard's turn ends, or as long as it is
// on its way to sockets; who keeps it longer calls Keep before that.
func EncodeIn[P protocol.Payload](r *Room, t protocol.Type, data P) Frame {
	return r.Fill(t, func(b []byte) []byte { return protocol.Append(b, t, r.id, data) })
}

// Fill is the function Fill with a buffer of the room's shard: see EncodeIn.
func (r *Room) Fill(t protocol.Type, fill func(b []byte) []byte) Frame {
	return classed(t, r.shard.edge.NewText(fill))
}

// Keep makes a frame good for any time.
func (f Frame) Keep() { f.wire.Hold() } // for ever: it is the garbage collector's then

// Hold makes a frame good until Room.Release undoes it.
func (f Frame) Hold() { f.wire.Hold() }

// Release undoes one Frame.Hold. It is called on the room's shard.
func (r *Room) Release(f Frame) { f.wire.Release(r.shard.edge) }

// classed lets what calls are made of overtake chat on a socket that has both.
func classed(t protocol.Type, wire *edge.Frame) Frame {
	if t.Bulk() {
		wire = wire.Bulk()
	}
	return Frame{Type: t, wire: wire}
}

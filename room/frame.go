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

// Encode makes the frame of a payload. roomID 0 leaves `room_id` out.
func Encode[P protocol.Payload](t protocol.Type, roomID int64, data P) Frame {
	return Fill(t, func(b []byte) []byte { return protocol.Append(b, t, roomID, data) })
}

// Fill makes a frame from JSON that fill appends.
func Fill(t protocol.Type, fill func(b []byte) []byte) Frame {
	return Frame{Type: t, wire: edge.NewText(fill)}
}

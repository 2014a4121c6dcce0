package room

import (
	"encoding/binary"
	"errors"

	"parley/protocol"
)

// Letter is what one node tells others of a room's channel, or with room 0 of
// what concerns a node as a whole.
type Letter struct {
	From    string // the sender's boot; set by the hub
	RoomID  int64
	Channel protocol.Channel
	Kind    byte // what the body is, to those who exchange it; below Returned
	Body    []byte
}

// Returned is added to the Kind of a letter to one node that nobody there could
// take: the sender gets it back, from that node.
const Returned = 0x80

// letterFormat is the first byte of every letter: nodes of two versions may meet.
const letterFormat = 1

var errLetter = errors.New("room: not a letter")

// append encodes a letter:
//
//	format (1) kind (1) room (varint) len(from) from len(channel) channel body
func (l Letter) append(b []byte) []byte {
	b = append(b, letterFormat, l.Kind)
	b = binary.AppendUvarint(b, uint64(l.RoomID))
	b = appendShort(b, l.From)
	b = appendShort(b, string(l.Channel))
	return append(b, l.Body...)
}

func (l Letter) encode() []byte {
	return l.append(make([]byte, 0, 16+len(l.From)+len(l.Channel)+len(l.Body)))
}

// readLetter decodes a letter. Its body aliases b.
func readLetter(b []byte) (l Letter, err error) {
	if len(b) < 2 || b[0] != letterFormat {
		return l, errLetter
	}
	l.Kind = b[1]
	b = b[2:]
	room, n := binary.Uvarint(b)
	if n <= 0 || room >= uint64(protocol.MaxID) {
		return l, errLetter
	}
	l.RoomID, b = int64(room), b[n:]
	from, b, ok := cutShort(b)
	if !ok {
		return l, errLetter
	}
	channel, b, ok := cutShort(b)
	if !ok {
		return l, errLetter
	}
	l.From, l.Channel, l.Body = string(from), protocol.Channel(channel), b
	return l, nil
}

// appendShort appends a string of at most 255 bytes, with its length.
func appendShort(b []byte, s string) []byte {
	s = s[:min(len(s), 255)]
	return append(append(b, byte(len(s))), s...)
}

func cutShort(b []byte) (short, rest []byte, ok bool) {
	if len(b) == 0 || len(b) < 1+int(b[0]) {
		return nil, nil, false
	}
	n := 1 + int(b[0])
	return b[1:n], b[n:], true
}

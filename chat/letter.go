package chat

import (
	"encoding/binary"
	"errors"

	"parley/protocol"
)

// Kinds of the letters that the chat of a room sends to the other nodes. What a
// letter says is in the store, or in the presence registry, when it is written: a
// node that misses it finds it there.
const (
	letterMessage byte = iota + 1 // a bulletin, as are the next four
	letterEdit
	letterDelete
	letterRead
	letterTyping
	letterOnline // an attendance, as is the next
	letterOffline
)

// frameOf is the type of the frame in a bulletin.
func frameOf(kind byte) protocol.Type {
	switch kind {
	case letterEdit:
		return protocol.TypeMessageEdit
	case letterDelete:
		return protocol.TypeMessageDelete
	case letterRead:
		return protocol.TypeMessageRead
	case letterTyping:
		return protocol.TypeTyping
	default:
		return protocol.TypeChatMessage
	}
}

var errLetter = errors.New("chat: letter not understood")

// bulletin is a frame for the sockets of a room, encoded, and what a node has to
// know of it to put it in its place.
type bulletin struct {
	id      int64  // of the message; of read and typing: of the user
	seq     int64  // of the message that it is, or is about; 0: about none
	version int64  // of an edit or deletion: when, in milliseconds since 1970
	body    []byte // of its letter: all this, encoded
	text    []byte // the frame, with which body ends
}

// encode makes body and text; the frame is what fill appends.
//
//	id (varint) seq (varint) version (varint) frame
func (b *bulletin) encode(fill func([]byte) []byte) {
	body := make([]byte, 0, 512)
	body = binary.AppendUvarint(body, uint64(b.id))
	body = binary.AppendUvarint(body, uint64(b.seq))
	body = binary.AppendUvarint(body, uint64(b.version))
	head := len(body)
	b.body = fill(body)
	b.text = b.body[head:]
}

// readBulletin decodes a bulletin. Its frame aliases body.
func readBulletin(body []byte) (b bulletin, err error) {
	r := reader{rest: body}
	b.id, b.seq, b.version = r.number(), r.number(), r.number()
	if r.failed || len(r.rest) == 0 {
		return bulletin{}, errLetter
	}
	b.body, b.text = body, r.rest
	return b, nil
}

// attendance is users who came to a room, or left it, by way of a node.
type attendance struct {
	boot  string // of the node: not always the sender's, which may speak for one that died
	users []protocol.User
}

// encode makes the body of a letter:
//
//	len(boot) boot, then of each user: id (varint) len username len display name
func (a attendance) encode() []byte {
	body := appendText(nil, a.boot)
	for _, u := range a.users {
		body = binary.AppendUvarint(body, uint64(u.ID))
		body = appendText(body, u.Username)
		body = appendText(body, u.DisplayName)
	}
	return body
}

func readAttendance(body []byte) (a attendance, err error) {
	r := reader{rest: body}
	a.boot = r.text()
	for len(r.rest) > 0 && !r.failed {
		a.users = append(a.users, protocol.User{ID: r.number(), Username: r.text(), DisplayName: r.text()})
	}
	if r.failed {
		return attendance{}, errLetter
	}
	return a, nil
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// reader takes a letter's body apart. Where that fails it yields zeros.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) number() int64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v >= uint64(protocol.MaxID) {
		r.rest, r.failed = nil, true
		return 0
	}
	r.rest = r.rest[n:]
	return int64(v)
}

func (r *reader) text() string {
	n := r.number()
	if n > int64(len(r.rest)) {
		r.rest, r.failed = nil, true
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

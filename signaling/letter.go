package signaling

import (
	"encoding/binary"
	"errors"

	"parley/protocol"
	"parley/signaling/call"
)

// Kinds of the letters that the nodes of a call exchange.
const (
	letterRoster  byte = 1 + iota // to all: a version and the roster that was stored as it
	letterSignal                  // to one: a frame for its peers
	letterAnswer                  // back: what became of it
	letterExpired                 // to one: what will not arrive, for its sender
)

// outcome is what became of a frame at the node of whom it was for.
type outcome byte

const (
	delivered   outcome = iota // the session has it
	queued                     // it waits for the session's return
	gone                       // there is no such session
	unavailable                // it cannot be kept
	moved                      // the session goes on, on another node
	timedOut                   // nobody knows: not on the wire
)

func (o outcome) String() string {
	return [...]string{"delivered", "queued", "gone", "unavailable", "moved", "timeout"}[o]
}

var errLetter = errors.New("signaling: letter not understood")

// signal is a frame on its way to peers of one node. It has been encoded for them:
// what they get is text.
type signal struct {
	request uint64
	version int64 // of the roster that the sender's node knew: its peers are known to whoever knows that
	from    call.SessionID
	first   bool // nothing else of from's is under way to these
	epoch   int64
	typ     protocol.Type
	id      protocol.ID // the sender's, of its frame
	to      []call.SessionID
	text    []byte
}

// append encodes a signal:
//
//	request version from epoch (varints) first (1) len(typ) typ len(id) id n (varint) to… (8 each) text
func (s *signal) append(b []byte) []byte {
	b = binary.AppendUvarint(b, s.request)
	b = binary.AppendUvarint(b, uint64(s.version))
	b = binary.AppendUvarint(b, uint64(s.from))
	b = binary.AppendUvarint(b, uint64(s.epoch))
	first := byte(0)
	if s.first {
		first = 1
	}
	b = append(append(b, first, byte(len(s.typ))), s.typ...)
	b = binary.AppendUvarint(b, uint64(len(s.id)))
	b = append(b, s.id...)
	b = binary.AppendUvarint(b, uint64(len(s.to)))
	for _, to := range s.to {
		b = binary.BigEndian.AppendUint64(b, uint64(to))
	}
	return append(b, s.text...)
}

// readSignal decodes a signal, which aliases b.
func readSignal(b []byte) (s signal, err error) {
	r := reader{b: b}
	s.request = r.number()
	s.version = int64(r.number())
	s.from = call.SessionID(r.number())
	s.epoch = int64(r.number())
	s.first = r.octet() != 0
	s.typ = protocol.Type(r.take(uint64(r.octet())))
	s.id = protocol.ID(r.take(r.number()))
	for n := r.number(); n > 0 && !r.failed; n-- {
		s.to = append(s.to, call.SessionID(r.fixed()))
	}
	s.text = r.b
	if len(s.id) == 0 {
		s.id = nil
	}
	return s, r.err()
}

// answer says what became of a signal.
type answer struct {
	request uint64
	to      []call.SessionID
	became  []outcome // of each
}

// encode encodes an answer:
//
//	request (varint) { session (8) outcome (1) }…
func (a *answer) encode() []byte {
	b := binary.AppendUvarint(make([]byte, 0, binary.MaxVarintLen64+9*len(a.to)), a.request)
	for i, to := range a.to {
		b = binary.BigEndian.AppendUint64(b, uint64(to))
		b = append(b, byte(a.became[i]))
	}
	return b
}

func readAnswer(b []byte) (a answer, err error) {
	r := reader{b: b}
	a.request = r.number()
	for len(r.b) > 0 && !r.failed {
		a.to = append(a.to, call.SessionID(r.fixed()))
		o := outcome(r.octet())
		r.failed = r.failed || o > moved
		a.became = append(a.became, o)
	}
	return a, r.err()
}

// reader takes a letter's body apart. Past its end everything is 0, and failed.
type reader struct {
	b      []byte
	failed bool
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.failed, n = true, len(r.b)
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.failed, n = true, 0
	}
	taken := r.b[:n:n]
	r.b = r.b[n:]
	return taken
}

func (r *reader) octet() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *reader) fixed() uint64 {
	if b := r.take(8); len(b) == 8 {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (r *reader) err() error {
	if r.failed {
		return errLetter
	}
	return nil
}

// readVersion takes a stored roster and its version apart.
func readVersion(b []byte) (version int64, value []byte, err error) {
	if len(b) < 8 {
		return 0, nil, errLetter
	}
	return int64(binary.BigEndian.Uint64(b)), b[8:], nil
}

func appendVersion(version int64, value []byte) []byte {
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(value)), uint64(version)), value...)
}

package room

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"parley/protocol"
)

// parcel is a line that goes from one node to another: what the first kept for its
// client, and what its sessions were to their behaviors.
type parcel struct {
	name     string
	user     int64
	at       place // of a multiplexed line the zero place
	token    string
	former   string // the token before it, if its client may have no other; ""
	from     int    // how many frames behind the welcome of that one the client had at the last
	first    int    // away.first
	torn     bool
	left     time.Duration // of the window
	frames   [][]byte      // the messages that follow first
	sessions []packed
}

// packed is one session of a parcel.
type packed struct {
	at      place
	since   int64
	greeted bool        // it was welcomed by its behavior, which packed it
	acked   bool        // of a subscription: the client was told
	id      protocol.ID // of the frame that asks for it, if that is not answered
	body    []byte      // of Mover.Pack
}

// known reports whether a token is one of those that the line's client may have.
func (p *parcel) known(token string) bool {
	return token != "" && (token == p.token || token == p.former)
}

// is reports whether that is whose line it is, and where.
func (p *parcel) is(user int64, at place, token string) bool {
	return p.user == user && p.at == at && p.known(token)
}

// rewind drops what the client has: see line.position and away.rewind. It returns
// how many frames behind the token's welcome that is.
func (p *parcel) rewind(token string, received int) (from int, ok bool) {
	behind := 0
	if token != p.token {
		behind = p.from
	}
	n := p.first
	if received >= 0 {
		n = received - behind
	}
	had := n - p.first
	if p.torn || had < 0 || had > len(p.frames) {
		return 0, false
	}
	p.first, p.frames = n, p.frames[had:]
	return n + behind, true
}

// parcelFormat is the first byte of every parcel.
const parcelFormat = 1

var errParcel = errors.New("room: not a parcel")

const (
	flagTorn = 1 << iota
	flagGreeted
	flagAcked
)

func flag(is bool, f byte) byte {
	if is {
		return f
	}
	return 0
}

// encode encodes a parcel: lengths and numbers are varints.
func (p *parcel) encode() []byte {
	b := []byte{parcelFormat, flag(p.torn, flagTorn)}
	b = appendText(b, p.name)
	b = appendNumbers(b, p.user)
	b = p.at.append(b)
	b = appendText(appendText(b, p.token), p.former)
	b = appendNumbers(b, int64(p.from), int64(p.first), p.left.Milliseconds(), int64(len(p.frames)))
	for _, f := range p.frames {
		b = appendText(b, f)
	}
	b = appendNumbers(b, int64(len(p.sessions)))
	for _, s := range p.sessions {
		b = append(b, flag(s.greeted, flagGreeted)|flag(s.acked, flagAcked))
		b = appendNumbers(s.at.append(b), s.since)
		b = appendText(appendText(b, s.id), s.body)
	}
	return b
}

func (at place) append(b []byte) []byte {
	return appendText(appendNumbers(b, at.roomID), at.channel)
}

func appendNumbers(b []byte, numbers ...int64) []byte {
	for _, n := range numbers {
		b = binary.AppendVarint(b, n)
	}
	return b
}

func appendText[T ~string | ~[]byte](b []byte, text T) []byte {
	return append(binary.AppendVarint(b, int64(len(text))), text...)
}

// readParcel decodes a parcel, which aliases b.
func readParcel(b []byte) (*parcel, error) {
	r := reading{rest: b}
	if r.byte() != parcelFormat {
		return nil, errParcel
	}
	p := &parcel{torn: r.byte()&flagTorn != 0}
	p.name, p.user, p.at = string(r.text()), r.number(), r.place()
	p.token, p.former = string(r.text()), string(r.text())
	p.from, p.first = r.count(), r.count()
	p.left = time.Duration(min(r.number(), math.MaxInt32)) * time.Millisecond
	for n := r.number(); n > 0 && !r.failed; n-- {
		p.frames = append(p.frames, r.text())
	}
	for n := r.number(); n > 0 && !r.failed; n-- {
		flags := r.byte()
		s := packed{greeted: flags&flagGreeted != 0, acked: flags&flagAcked != 0}
		s.at, s.since, s.id, s.body = r.place(), r.number(), protocol.ID(r.text()), r.text()
		if len(s.id) == 0 {
			s.id = nil // the frame had none
		}
		p.sessions = append(p.sessions, s)
	}
	if r.failed || len(r.rest) > 0 || p.name == "" || p.left < 0 {
		return nil, errParcel
	}
	return p, nil
}

// reading takes what was encoded apart. What is read after a failure is empty.
type reading struct {
	rest   []byte
	failed bool
}

func (r *reading) byte() (c byte) {
	if len(r.rest) == 0 {
		r.failed = true
		return 0
	}
	c, r.rest = r.rest[0], r.rest[1:]
	return c
}

func (r *reading) number() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// count is a number that counts frames.
func (r *reading) count() int {
	n := r.number()
	if n < math.MinInt32 || n > math.MaxInt32 {
		r.failed = true
		return 0
	}
	return int(n)
}

func (r *reading) text() []byte {
	n := r.number()
	if n < 0 || n > int64(len(r.rest)) {
		r.failed, r.rest = true, nil
		return nil
	}
	text := r.rest[:n:n]
	r.rest = r.rest[n:]
	return text
}

func (r *reading) place() place {
	return place{r.number(), protocol.Channel(r.text())}
}

package protocol

import (
	"slices"
	"strconv"
)

// Target names whom a relayed frame is for; the zero value is every other peer
// of the call.
type Target struct {
	UserID int64
	PeerID []byte // wins over UserID; aliases the frame
}

// Everyone reports whether the frame is for every other peer.
func (t Target) Everyone() bool { return t.UserID == 0 && len(t.PeerID) == 0 }

// Sender is who a relayed frame is from, as the server knows it.
type Sender struct {
	fields []byte // the from_… members, encoded once
}

// NewSender encodes the from_… members that all frames of a peer have.
func NewSender(u User, peerID string) Sender {
	b := append([]byte(nil), `"from_user_id":`...)
	b = strconv.AppendInt(b, u.ID, 10)
	b = append(b, `,"from_username":`...)
	b = appendString(b, u.Username)
	b = append(b, `,"from_peer_id":`...)
	b = appendString(b, peerID)
	return Sender{fields: b}
}

// Target finds the target_… members in the data of a frame. null counts as
// absent; of duplicates the last counts.
func (e *Envelope) Target() (Target, error) {
	var t Target
	var err error
	if t.UserID, err = decodeInt("target_user_id", e.member(e.members.user)); err != nil {
		return t, err
	}
	peer := e.member(e.members.peer)
	switch {
	case absent(peer):
	case !isString(peer):
		return t, Invalid("target_peer_id", "must be a string")
	default:
		t.PeerID = unquote(peer, nil)
	}
	return t, nil
}

func (e *Envelope) member(value span) []byte { return e.Data[value.from:value.to] }

// AppendRelay appends the frame that a client's frame is relayed as: the members
// of its data byte for byte and in order, but for every target_… and from_…
// member, however it is spelled, and with the sender's own from_… members put
// in: from_epoch is left out if 0. White space between members may go.
func AppendRelay(b []byte, roomID int64, from Sender, epoch int64, e *Envelope) []byte {
	b = appendHead(b, e.Type, nil, roomID)
	b = slices.Grow(b, len(from.fields)+len(e.Data)+len(`{,"from_epoch":,}}`)+len("9223372036854775807"))
	b = append(b, '{')
	b = append(b, from.fields...)
	if epoch != 0 {
		b = append(b, `,"from_epoch":`...)
		b = strconv.AppendInt(b, epoch, 10)
	}
	b = e.members.appendKept(b, e.Data)
	return append(b, '}', '}')
}

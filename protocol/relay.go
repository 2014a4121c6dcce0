package protocol

import (
	"bytes"
	"strconv"
)

// Target names whom a relayed frame is for; the zero value is every other peer
// of the call.
type Target struct {
	UserID int64
	PeerID string // wins over UserID
}

// Everyone reports whether the frame is for every other peer.
func (t Target) Everyone() bool { return t.UserID == 0 && t.PeerID == "" }

// Sender is who a relayed frame is from, as the server knows it.
type Sender struct {
	fields []byte // the from_… members, encoded once
}

// NewSender encodes the from_… members of all that a peer sends.
func NewSender(u User, peerID string) Sender {
	b := append([]byte(nil), `"from_user_id":`...)
	b = strconv.AppendInt(b, u.ID, 10)
	b = append(b, `,"from_username":`...)
	b = appendJSON(b, u.Username)
	b = append(b, `,"from_peer_id":`...)
	b = appendJSON(b, peerID)
	return Sender{fields: b}
}

// ParseTarget finds the target_… members in the data of a frame that Decode
// accepted. null counts as absent; of duplicates the last counts.
func ParseTarget(data []byte) (Target, error) {
	var raw struct{ user, peer []byte }
	walk := objectIn(data)
	for {
		key, value, more, err := walk.next()
		if err != nil {
			return Target{}, Errorf(CodeInvalidJSON, "data is not a JSON object")
		}
		if !more {
			break
		}
		switch string(unquote(key)) {
		case "target_user_id":
			raw.user = value
		case "target_peer_id":
			raw.peer = value
		}
	}
	var t Target
	var err error
	if t.UserID, err = decodeInt("target_user_id", raw.user); err != nil {
		return t, err
	}
	if absent(raw.peer) {
		return t, nil
	}
	if !isString(raw.peer) {
		return t, Invalid("target_peer_id", "must be a string")
	}
	t.PeerID = string(unquote(raw.peer))
	return t, nil
}

// AppendRelay appends a relayed frame: the members of data byte for byte and in
// order, but for every target_… and from_… member, however it is spelled, and
// with the sender's own from_… members put in.
func AppendRelay(b []byte, t Type, roomID int64, from Sender, data []byte) []byte {
	b = appendHead(b, t, nil, roomID)
	b = append(b, '{')
	b = append(b, from.fields...)
	walk := objectIn(data)
	for {
		key, value, more, err := walk.next()
		if err != nil || !more {
			break
		}
		if reserved(key) {
			continue
		}
		b = append(b, ',')
		b = append(b, key...)
		b = append(b, ':')
		b = append(b, value...)
	}
	return append(b, '}', '}')
}

// reserved reports whether a member's name is the server's to set.
func reserved(key []byte) bool {
	name := unquote(key)
	return bytes.HasPrefix(name, []byte("target_")) || bytes.HasPrefix(name, []byte("from_"))
}

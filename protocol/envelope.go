package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ID is the `id` of a client's frame, in the very bytes of its JSON string; nil
// for a frame without one. It aliases the frame: who keeps it clones it.
type ID []byte

// Clone returns an ID that outlives the frame.
func (id ID) Clone() ID { return bytes.Clone(id) }

// Envelope is a decoded client frame. ID and Data alias the frame's bytes and
// are valid as long as these are.
type Envelope struct {
	Type   Type
	ID     ID
	RoomID int64  // 0: not given
	Data   []byte // the text of a JSON object; "{}" where the frame has none

	members members // what a relay needs to know of Data
}

// Decode reads a client's frame, in one pass. It checks the whole JSON, and
// decodes of `data` nothing. The frame must be valid UTF-8: whoever takes text
// messages off a socket has made sure of that (RFC 6455, section 8.1). On an
// error the Envelope holds what was understood: its ID is set if the answer may
// carry it.
func Decode(frame []byte) (Envelope, error) {
	var raw rawEnvelope
	end := raw.scan(frame)
	if end == bad {
		return Envelope{}, Errorf(CodeInvalidJSON, "the frame is not a JSON object")
	}
	if end < len(frame) {
		return Envelope{}, Errorf(CodeInvalidJSON, "more than one JSON value in a frame")
	}
	var e Envelope
	var err error
	if e.ID, err = decodeID(raw.id); err != nil {
		return e, err
	}
	if e.RoomID, err = decodeInt("room_id", raw.room); err != nil {
		return e, err
	}
	if !isString(raw.typ) {
		return e, Invalid("type", "a string is required")
	}
	var room [nameRoom]byte
	e.Type = internType(unquote(raw.typ, room[:]))
	switch {
	case absent(raw.data):
		e.Data = []byte("{}")
	case raw.data[0] != '{':
		return e, Invalid("data", "must be an object")
	default:
		e.Data, e.members = raw.data, raw.members
	}
	return e, nil
}

// rawEnvelope is the text of an envelope's members, nil for those that it does
// not have. Of duplicates the last counts.
type rawEnvelope struct {
	typ, id, room, data []byte
	members             members // of data, if that is an object
}

// scan finds the members of the object that t begins with, and what follows it.
func (r *rawEnvelope) scan(t text) int {
	i := t.space(0)
	if t.at(i) != '{' {
		return bad
	}
	i, more := t.open(i, '}')
	for more {
		name := i
		nameEnd, value := t.key(i)
		if value == bad {
			return bad
		}
		field := r.field(t[name:nameEnd])
		if field == &r.data && t.at(value) == '{' {
			i = r.members.scan(t, value)
		} else {
			i = t.value(value, 1)
		}
		if i == bad {
			return bad
		}
		if field != nil {
			*field = t[value:i]
		}
		i, more = t.next(i, '}')
	}
	return t.space(i)
}

// field is where the member of this name goes, nil if it is none of ours.
func (r *rawEnvelope) field(name []byte) *[]byte {
	var room [nameRoom]byte
	switch string(unquote(name, room[:])) {
	case "type":
		return &r.typ
	case "id":
		return &r.id
	case "room_id":
		return &r.room
	case "data":
		return &r.data
	default:
		return nil
	}
}

// DecodeData reads an envelope's data into a payload type. Unknown members are
// ignored; names are matched as encoding/json does, without regard to case.
func DecodeData(data []byte, into any) error {
	err := json.Unmarshal(data, into)
	if err == nil {
		return nil
	}
	if te, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := te.Field
		if field == "" {
			field = "data"
		}
		return Invalid(field, "must be %s, not %s", kindName(te.Type.String()), foundName(te.Value))
	}
	return Errorf(CodeInvalidJSON, "data is not valid JSON")
}

func kindName(goType string) string {
	switch goType {
	case "int64", "int":
		return "an integer"
	case "float64":
		return "a number"
	case "string", "*string":
		return "a string"
	default:
		return "an object"
	}
}

// foundName is encoding/json's name of what it found, without the digits of a
// number that would make the answer long.
func foundName(found string) string {
	const longest = 32
	if len(found) <= longest {
		return found
	}
	name, _, _ := strings.Cut(found, " ")
	return name
}

func absent(value []byte) bool { return len(value) == 0 || value[0] == 'n' }

func isString(value []byte) bool { return len(value) > 0 && value[0] == '"' }

func decodeID(value []byte) (ID, error) {
	switch {
	case absent(value):
		return nil, nil
	case !isString(value):
		return nil, Invalid("id", "must be a string")
	case len(value) > MaxFrameID+len(`""`) && utf8.RuneCount(unquote(value, nil)) > MaxFrameID:
		return nil, Invalid("id", "is longer than %d characters", MaxFrameID)
	default:
		return ID(value), nil
	}
}

// decodeInt reads an id: an integer from 1 to MaxID, or 0 where it is absent.
func decodeInt(field string, value []byte) (int64, error) {
	if absent(value) {
		return 0, nil
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil || n < 1 || n >= MaxID {
		return 0, Invalid(field, "must be a positive integer")
	}
	return n, nil
}

// internType spares an allocation for the types that there are.
func internType(b []byte) Type {
	switch Type(b) {
	case TypePing:
		return TypePing
	case TypeReceived:
		return TypeReceived
	case TypeSubscribe:
		return TypeSubscribe
	case TypeUnsubscribe:
		return TypeUnsubscribe
	case TypeChatMessage:
		return TypeChatMessage
	case TypeTyping:
		return TypeTyping
	case TypeMessageRead:
		return TypeMessageRead
	case TypeMarkRoomAsRead:
		return TypeMarkRoomAsRead
	case TypeMessageEdit:
		return TypeMessageEdit
	case TypeMessageDelete:
		return TypeMessageDelete
	case TypeJoinCall:
		return TypeJoinCall
	case TypeLeaveCall:
		return TypeLeaveCall
	case TypeOffer:
		return TypeOffer
	case TypeAnswer:
		return TypeAnswer
	case TypeICECandidate:
		return TypeICECandidate
	case TypeSignal:
		return TypeSignal
	case TypePeerState:
		return TypePeerState
	case TypeCallInvite:
		return TypeCallInvite
	case TypeCallAccept:
		return TypeCallAccept
	case TypeCallDecline:
		return TypeCallDecline
	case TypeCallCancel:
		return TypeCallCancel
	default:
		return Type(b)
	}
}

// Characters counts what a user would call the length of s: Unicode code points.
func Characters(s string) int { return utf8.RuneCountInString(s) }

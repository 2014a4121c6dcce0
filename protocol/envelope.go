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
}

// Decode reads a client's frame, which must be valid UTF-8. It checks the whole
// JSON, and decodes of `data` nothing. On an error the Envelope holds what was
// understood: its ID is set if the answer may carry it.
func Decode(frame []byte) (Envelope, error) {
	var raw struct{ typ, id, room, data []byte }
	walk := objectIn(frame)
	for {
		key, value, more, err := walk.next()
		if err != nil {
			return Envelope{}, Errorf(CodeInvalidJSON, "the frame is not a JSON object")
		}
		if !more {
			break
		}
		switch string(unquote(key)) {
		case "type":
			raw.typ = value
		case "id":
			raw.id = value
		case "room_id":
			raw.room = value
		case "data":
			raw.data = value
		}
	}
	if !walk.end() {
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
	e.Type = internType(unquote(raw.typ))
	switch {
	case absent(raw.data):
		e.Data = []byte("{}")
	case raw.data[0] != '{':
		return e, Invalid("data", "must be an object")
	default:
		e.Data = raw.data
	}
	return e, nil
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
	case utf8.RuneCount(unquote(value)) > MaxFrameID:
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
	default:
		return Type(b)
	}
}

// Characters counts what a user would call the length of s: Unicode code points.
func Characters(s string) int { return utf8.RuneCountInString(s) }

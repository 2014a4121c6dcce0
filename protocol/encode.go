package protocol

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// Payload is the data of a server's frame: one of this package's types. Those
// that are sent often write themselves; the others leave it to encoding/json.
// Both write the same.
type Payload interface {
	// AppendJSON appends the payload's JSON to b.
	AppendJSON(b []byte) []byte
}

// Append appends a server frame `{"type","room_id"?,"data"}` to b. It is generic
// so that a payload need not move to the heap.
func Append[P Payload](b []byte, t Type, roomID int64, data P) []byte {
	return AppendReply(b, t, nil, roomID, data)
}

// AppendReply appends a server frame that answers the client's frame id; a nil
// id is left out.
func AppendReply[P Payload](b []byte, t Type, id ID, roomID int64, data P) []byte {
	return append(data.AppendJSON(appendHead(b, t, id, roomID)), '}')
}

// AppendError appends the error frame that answers the client's frame id.
func AppendError(b []byte, id ID, roomID int64, e *Error) []byte {
	return AppendReply(b, TypeError, id, roomID, ErrorData{
		Code: e.Code, Message: e.Message, Temporary: e.Code.Temporary(),
		RetryAfterMS: e.RetryAfter.Milliseconds(), Errors: e.Fields,
	})
}

// appendHead appends everything up to the value of data.
func appendHead(b []byte, t Type, id ID, roomID int64) []byte {
	b = append(b, `{"type":"`...)
	b = append(b, t...)
	b = append(b, '"')
	if id != nil {
		b = append(b, `,"id":`...)
		b = append(b, id...)
	}
	if roomID != 0 {
		b = append(b, `,"room_id":`...)
		b = strconv.AppendInt(b, roomID, 10)
	}
	return append(b, `,"data":`...)
}

// appendJSON is json.Marshal without its escapes for HTML. A type that cannot be
// encoded is a programming error and panics.
func appendJSON(b []byte, v any) []byte {
	buf := bytes.NewBuffer(b)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("protocol: cannot encode " + err.Error())
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

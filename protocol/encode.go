package protocol

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// Append appends a server frame `{"type","room_id"?,"data"}` to b. data is one
// of this package's payload types; a type that cannot be encoded is a
// programming error and panics.
func Append(b []byte, t Type, roomID int64, data any) []byte {
	return appendData(appendHead(b, t, nil, roomID), data)
}

// AppendReply appends a server frame that answers the client's frame id; a nil
// id is left out.
func AppendReply(b []byte, t Type, id ID, roomID int64, data any) []byte {
	return appendData(appendHead(b, t, id, roomID), data)
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

func appendData(b []byte, data any) []byte {
	return append(appendJSON(b, data), '}')
}

// appendJSON is json.Marshal without its escapes for HTML.
func appendJSON(b []byte, v any) []byte {
	buf := bytes.NewBuffer(b)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("protocol: cannot encode " + err.Error())
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

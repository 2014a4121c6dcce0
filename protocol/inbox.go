package protocol

import "strconv"

// RoomAdded tells a user of a room that they are a participant of now.
type RoomAdded struct {
	Room Room `json:"room"`
}

// AppendJSON implements Payload.
func (r RoomAdded) AppendJSON(b []byte) []byte { return appendJSON(b, r) }

// RoomRemoved tells a user of a room that they are no participant of any more.
type RoomRemoved struct {
	RoomID int64       `json:"room_id"`
	Reason LeaveReason `json:"reason"` // left, removed or room_deleted
}

// AppendJSON implements Payload.
func (r RoomRemoved) AppendJSON(b []byte) []byte { return appendJSON(b, r) }

// Unread tells a user how much of a room they have not read.
type Unread struct {
	RoomID      int64 `json:"room_id"`
	UnreadCount int   `json:"unread_count"` // as in Room
	LastSeq     int64 `json:"last_seq"`
}

// AppendJSON implements Payload.
func (u Unread) AppendJSON(b []byte) []byte {
	b = append(b, `{"room_id":`...)
	b = strconv.AppendInt(b, u.RoomID, 10)
	b = append(b, `,"unread_count":`...)
	b = strconv.AppendInt(b, int64(u.UnreadCount), 10)
	b = append(b, `,"last_seq":`...)
	b = strconv.AppendInt(b, u.LastSeq, 10)
	return append(b, '}')
}

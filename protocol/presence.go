package protocol

import "strconv"

// PresenceState is who is online in a room. Above MaxPresenceList users it
// holds the count alone.
type PresenceState struct {
	Users []User `json:"users"`
	Count int    `json:"count"`
}

// AppendJSON implements Payload.
func (p PresenceState) AppendJSON(b []byte) []byte {
	if p.Users == nil {
		return appendJSON(b, p) // null
	}
	b = append(b, `{"users":[`...)
	for i, u := range p.Users {
		if i > 0 {
			b = append(b, ',')
		}
		b = u.appendJSON(b)
	}
	b = append(b, `],"count":`...)
	b = strconv.AppendInt(b, int64(p.Count), 10)
	return append(b, '}')
}

// PresenceChange is the payload of user_online and user_offline.
type PresenceChange struct {
	User User `json:"user"`
}

// AppendJSON implements Payload.
func (p PresenceChange) AppendJSON(b []byte) []byte {
	b = append(b, `{"user":`...)
	b = p.User.appendJSON(b)
	return append(b, '}')
}

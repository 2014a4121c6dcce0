package ringing

import (
	"encoding/json"
	"time"

	"parley/protocol"
)

// message is what the nodes tell each other of what rings. Exactly one of its forms
// is filled in.
type message struct {
	Rings    *rings    `json:"rings,omitempty"`    // to all: an invite rings for users
	Silent   *silent   `json:"silent,omitempty"`   // to all: it does not any more
	Missed   int64     `json:"missed,omitempty"`   // to all: a user missed calls, and is to be told
	Told     *toldOf   `json:"told,omitempty"`     // to all: a user is told
	Question *question `json:"question,omitempty"` // to the node of an invite
	Verdict  *verdict  `json:"verdict,omitempty"`  // back to who asked
}

type rings struct {
	Room   int64         `json:"room"`
	Invite string        `json:"invite"`
	From   protocol.User `json:"from"`
	Users  []int64       `json:"users"`
	Until  time.Time     `json:"until"`
}

type silent struct {
	Invite string  `json:"invite"`
	Users  []int64 `json:"users"`
}

type toldOf struct {
	User   int64             `json:"user"`
	Frames []json.RawMessage `json:"frames"` // call_missed
}

// question is an answer to an invite, or its end, by a client of another node.
type question struct {
	ID         uint64        `json:"id"`
	Room       int64         `json:"room,omitempty"`
	Invite     string        `json:"invite"`
	Type       protocol.Type `json:"type"`
	User       protocol.User `json:"user"`
	Connection string        `json:"connection"`
}

type verdict struct {
	ID    uint64          `json:"id"`
	Error *protocol.Error `json:"error,omitempty"`
}

func encode(m message) []byte {
	b, err := json.Marshal(m)
	if err != nil {
		panic("ringing: a message always encodes: " + err.Error())
	}
	return b
}

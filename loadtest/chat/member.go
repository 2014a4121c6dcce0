package chat

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"parley/loadtest/chat/judge"
	"parley/loadtest/client"
	"parley/loadtest/crowd"
	"parley/loadtest/target"
	"parley/loadtest/wire"
	"parley/protocol"
)

// member is one client in a room. It is its session's guest.
type member struct {
	// static
	room    *room
	record  *record
	through func() // the door
	session *crowd.Session
	slow    bool // it stops reading now and then
	cut     bool // it is lost now and then

	seq    atomic.Int64  // the last that it has; -1: none yet
	first  sync.Once     // passes the door
	judged *judge.Member // guarded by room.mu
}

// say sends a message, or a typing, that should have been sent at intended. Who is
// away says nothing.
func (m *member) say(t protocol.Type, size int, intended time.Time) bool {
	now := time.Now()
	m.room.mu.Lock()
	if !m.judged.Present() {
		m.room.mu.Unlock()
		return false
	}
	var u judge.Utterance
	if t == protocol.TypeTyping {
		u = m.judged.Type(size, intended, now)
	} else {
		u = m.judged.Say(size, intended, now)
	}
	m.room.mu.Unlock()
	if !m.session.Send(frameOf(t, u)) {
		m.room.mu.Lock()
		defer m.room.mu.Unlock()
		m.judged.Unsent(u.Tag)
	}
	return true
}

// outgoing is a client's frame.
type outgoing struct {
	Type protocol.Type `json:"type"`
	ID   string        `json:"id"`
	Data struct {
		Content     string `json:"content,omitempty"`
		ClientMsgID string `json:"client_msg_id,omitempty"`
		Note        string `json:"note,omitempty"`
	} `json:"data"`
}

func frameOf(t protocol.Type, u judge.Utterance) []byte {
	f := outgoing{Type: t, ID: u.ID}
	if t == protocol.TypeTyping {
		f.Data.Note = u.Content
	} else {
		f.Data.Content, f.Data.ClientMsgID = u.Content, u.Tag
	}
	b, err := json.Marshal(f)
	if err != nil {
		panic(fmt.Sprintf("chat: strings cannot be encoded: %v", err))
	}
	return b
}

// drop loses the member's socket, which comes back after a pause. The judge is told
// before, for it may be back at once.
func (m *member) drop(pause time.Duration) {
	m.room.mu.Lock()
	was := m.judged.Present()
	m.judged.Gone()
	m.room.mu.Unlock()
	if was {
		m.record.cuts.Add(1)
		m.record.Dropped()
		m.session.Drop(pause)
	}
}

// Welcomed implements crowd.Guest.
func (m *member) Welcomed(w protocol.Welcome, asked, at time.Time) {
	m.room.mu.Lock()
	again := m.judged.Seq() >= 0
	var last int64
	if w.LastSeq != nil {
		last = *w.LastSeq
	}
	m.judged.Welcomed(w.Resumed, last, at)
	m.seq.Store(m.judged.Seq())
	repeated := m.judged.Again(at)
	m.room.mu.Unlock()
	m.record.Welcomed(again, w.Resumed, asked, at)
	for _, u := range repeated {
		m.session.Send(frameOf(protocol.TypeChatMessage, u)) // if it is lost again, it is said again
	}
	m.first.Do(m.through)
}

// Frame implements crowd.Guest.
func (m *member) Frame(payload []byte, at time.Time) {
	switch t := wire.TypeOf(payload); t {
	case protocol.TypeChatMessage, protocol.TypeTyping:
		intended, timely := m.room.deliver(m, t, payload, at)
		m.record.delivered(t, intended, at, timely)
	case protocol.TypeAck, protocol.TypeError:
		m.answer(payload, at)
	case protocol.TypePresenceState:
		m.room.mu.Lock()
		defer m.room.mu.Unlock()
		m.judged.Joined(at)
	}
}

// answer takes what the server answers to a message or a typing.
func (m *member) answer(payload []byte, at time.Time) {
	var f struct {
		Type protocol.Type
		ID   string
		Data struct {
			protocol.ErrorData
			Seq int64 `json:"seq"`
		}
	}
	if err := json.Unmarshal(payload, &f); err != nil {
		m.record.send.Fail("bad json", err)
		return
	}
	m.room.mu.Lock()
	defer m.room.mu.Unlock()
	if f.Type == protocol.TypeError {
		if f.ID != "" {
			m.judged.Refused(f.ID)
		}
		err := &client.FrameError{ErrorData: f.Data.ErrorData}
		m.record.send.Fail(target.Cause(err), err)
		return
	}
	if intended, ok := m.judged.Answered(f.ID, f.Data.Seq); ok {
		m.record.send.Done(intended, at)
	}
}

// Pinged implements crowd.Guest.
func (m *member) Pinged(time.Time) {}

// Gone implements crowd.Guest.
func (m *member) Gone(err error, _ bool, _ time.Time) {
	m.room.mu.Lock()
	was, again := m.judged.Present(), m.judged.Seq() >= 0
	m.judged.Gone()
	m.room.mu.Unlock()
	m.record.Gone(err, was, again)
	m.first.Do(m.through)
}

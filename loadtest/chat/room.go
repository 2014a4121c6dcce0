package chat

import (
	"bytes"
	"encoding/json"
	"sync"
	"time"

	"parley/loadtest/chat/judge"
	"parley/loadtest/measure"
	"parley/protocol"
)

// room is a room and what is judged of it.
type room struct {
	// static
	id      int64
	members []*member

	mu     sync.Mutex
	judge  *judge.Room // guarded by mu, with its members
	recent [8]reading  // guarded by mu: deliveries that were read last
	oldest int         // guarded by mu: the one of them to be replaced
}

// reading is a delivery's bytes and what they say. Each delivery goes to all in the
// room in the same bytes, which are read once.
type reading struct {
	raw   []byte
	heard judge.Heard
}

// deliver judges a delivery to a member. It returns when that should have been sent,
// if the time it took is to be counted.
func (r *room) deliver(m *member, t protocol.Type, payload []byte, at time.Time) (intended time.Time, timely bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h, ok := r.read(t, payload)
	if !ok {
		return intended, false
	}
	if t == protocol.TypeTyping {
		return h.Intended(), m.judged.Typing(h, at)
	}
	timely = m.judged.Message(h, at)
	m.seq.Store(m.judged.Seq())
	return h.Intended(), timely
}

func (r *room) read(t protocol.Type, payload []byte) (h judge.Heard, ok bool) {
	for _, known := range r.recent {
		if bytes.Equal(known.raw, payload) {
			return known.heard, true
		}
	}
	if t == protocol.TypeTyping {
		var f struct{ Data protocol.Typing }
		_ = json.Unmarshal(payload, &f) // what cannot be read was never said
		h, ok = r.judge.Typing(f.Data)
	} else {
		var f struct{ Data protocol.Message }
		_ = json.Unmarshal(payload, &f)
		h, ok = r.judge.Message(f.Data)
	}
	if ok {
		r.recent[r.oldest] = reading{bytes.Clone(payload), h}
		r.oldest = (r.oldest + 1) % len(r.recent)
	}
	return h, ok
}

// settled reports whether nothing is awaited.
func (r *room) settled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.judge.Settled()
}

func (r *room) sweep(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.judge.Sweep(now)
}

func (r *room) finish(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.judge.Finish(now)
}

// witness gives faults to the record.
type witness struct{ record *measure.Recorder }

// Fault implements judge.Witness.
func (w witness) Fault(kind measure.FaultKind, example string) { w.record.Fault(kind, example) }

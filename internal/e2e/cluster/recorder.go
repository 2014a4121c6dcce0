package cluster

import (
	"sync"
	"time"
)

// Recorder notes a line's events.
type Recorder struct {
	// static
	began time.Time

	mu     sync.Mutex
	line   Line // guarded by mu
	socket int  // guarded by mu
	node   string
}

// NewRecorder begins with a line without events. Times count from began.
func NewRecorder(began time.Time, line Line) *Recorder {
	return &Recorder{began: began, line: line}
}

// Greet notes a socket's welcome, and that what follows came on it.
func (r *Recorder) Greet(node string, w Welcomed) {
	r.mu.Lock()
	r.socket++
	r.node = node
	r.mu.Unlock()
	r.Note(w)
}

// Note notes a fact.
func (r *Recorder) Note(f Fact) {
	at := time.Since(r.began)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.line.Events = append(r.line.Events, Event{At: at, Socket: r.socket, Node: r.node, Fact: f})
	if _, lost := f.(Lost); lost {
		r.node = ""
	}
}

// Line is what was noted so far. Its events are not to be changed.
func (r *Recorder) Line() Line {
	r.mu.Lock()
	defer r.mu.Unlock()
	line := r.line
	line.Events = line.Events[:len(line.Events):len(line.Events)]
	return line
}

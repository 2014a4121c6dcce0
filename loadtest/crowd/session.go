package crowd

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"

	"parley/loadtest/client"
	"parley/loadtest/wire"
	"parley/protocol"
)

// Guest is told what comes of a Session. A call that was under way when the socket
// was dropped may still come.
type Guest interface {
	// Welcomed is a socket that opened: asked is when it was to begin.
	Welcomed(w protocol.Welcome, asked, at time.Time)
	// Frame is any frame but the welcome; it is valid during the call only.
	Frame(payload []byte, at time.Time)
	// Pinged is a ping of the server's.
	Pinged(at time.Time)
	// Gone is a socket that ended or did not open; back tells whether the session
	// comes back by itself. err is nil after Leave.
	Gone(err error, back bool, at time.Time)
}

// Pass is what a Session opens its sockets with.
type Pass struct {
	Dial
	Ack   bool         // have the server keep what is not acknowledged (?ack=1)
	Since func() int64 // the last seq that is had, for where a session begins afresh; nil: it is not said
}

// The contract's bounds on acknowledging: every 50 frames is as seldom as it allows.
const ackEvery = 50

// Pauses before a client comes back by itself, doubled for each attempt in a row,
// with a random part.
const (
	firstPause = 100 * time.Millisecond
	mostPause  = 5 * time.Second
)

// Session is a client who comes back.
type Session struct {
	// static
	crowd *Crowd
	pass  Pass
	guest Guest

	// calls is held while the guest is called, so that what a dropped socket brought
	// is not overtaken by what the next one brings.
	calls sync.Mutex

	mu       sync.Mutex
	socket   Socket        // guarded by mu: nil while there is none
	asked    time.Time     // guarded by mu: when it was to be opened
	welcome  bool          // guarded by mu: it has been
	token    string        // guarded by mu: of the last welcome
	received int           // guarded by mu: frames behind it
	told     int           // guarded by mu: of them, to the server
	slot     time.Duration // guarded by mu: what a reconnect frame asked to wait
	failed   int           // guarded by mu: attempts in a row
	timer    *time.Timer   // guarded by mu: of the next attempt
	over     bool          // guarded by mu
}

// NewSession makes a session, which is the crowd's to end; it begins with Open.
func (c *Crowd) NewSession(p Pass, g Guest) *Session {
	s := &Session{crowd: c, pass: p, guest: g}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sessions = append(c.sessions, s)
	return s
}

// Open opens the first socket, which was to be opened at asked.
func (s *Session) Open(asked time.Time) { s.open(asked) }

// Send sends a frame, and reports whether there was a welcomed socket to take it.
func (s *Session) Send(text []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.welcome {
		return false
	}
	s.socket.Send(text)
	return true
}

// Hold stops reading until Go, or until the socket is lost.
func (s *Session) Hold() { s.with(Socket.Hold) }

// Go goes on reading.
func (s *Session) Go() { s.with(Socket.Go) }

func (s *Session) with(do func(Socket)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.socket != nil {
		do(s.socket)
	}
}

// Drop loses the socket, as a network does, and comes back after a pause. It
// reports whether there was a welcomed socket to lose.
func (s *Session) Drop(pause time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.welcome || s.over {
		return false
	}
	s.socket.Cut()
	s.socket, s.welcome = nil, false
	s.later(pause)
	return true
}

// Leave ends the session in good order.
func (s *Session) Leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
	if s.socket != nil {
		s.socket.Leave()
	}
}

// Abandon ends the session without a word.
func (s *Session) Abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
	if s.socket != nil {
		s.socket.Cut()
		s.socket = nil
	}
}

// end has the session not come back. s.mu is held.
func (s *Session) end() {
	s.over, s.welcome = true, false
	if s.timer != nil {
		s.timer.Stop()
	}
}

// Acknowledge tells the server what has come, as a client with Ack has to every 20
// seconds.
func (s *Session) Acknowledge() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pass.Ack && s.welcome && s.received > s.told {
		s.acknowledge()
	}
}

func (s *Session) acknowledge() {
	s.told = s.received
	s.socket.Send(fmt.Appendf(nil, `{"type":%q,"data":{"n":%d}}`, protocol.TypeReceived, s.received))
}

// open dials; s.mu is held meanwhile, so that the new socket's first call finds it.
func (s *Session) open(asked time.Time) {
	s.calls.Lock()
	defer s.calls.Unlock()
	s.mu.Lock()
	if s.over {
		s.mu.Unlock()
		return
	}
	s.asked = asked
	k, err := s.crowd.Dial(s.dial(), s)
	if err == nil {
		s.socket = k
		s.mu.Unlock()
		return
	}
	s.fail()
	s.mu.Unlock()
	s.guest.Gone(err, true, time.Now())
}

// dial is how the next socket opens. s.mu is held.
func (s *Session) dial() Dial {
	query := url.Values{}
	if s.pass.Ack {
		query.Set("ack", "1")
	}
	if s.token != "" {
		query.Set("resume", s.token)
		query.Set("received", strconv.Itoa(s.received))
	}
	if s.pass.Since != nil {
		if seq := s.pass.Since(); seq >= 0 {
			query.Set("since_seq", strconv.FormatInt(seq, 10))
		}
	}
	d := s.pass.Dial
	if len(query) > 0 {
		d.Path += "?" + query.Encode()
	}
	return d
}

// fail has the session try again, later each time. s.mu is held.
func (s *Session) fail() {
	pause := min(firstPause<<min(s.failed, 10), mostPause)
	s.failed++
	if s.slot > 0 {
		pause, s.slot = s.slot, 0
	} else {
		pause = pause/2 + rand.N(pause)
	}
	s.later(pause)
}

// later comes back after a pause. s.mu is held.
func (s *Session) later(pause time.Duration) {
	asked := time.Now().Add(pause)
	s.timer = time.AfterFunc(pause, func() { s.open(asked) })
}

// Text implements Listener.
func (s *Session) Text(k Socket, payload []byte, at time.Time) {
	s.calls.Lock()
	defer s.calls.Unlock()
	s.mu.Lock()
	if k != s.socket || s.over { // what comes after Leave is for nobody
		s.mu.Unlock()
		return
	}
	if !s.welcome {
		s.greeted(payload, at)
		return
	}
	s.received++
	if s.pass.Ack && s.received-s.told >= ackEvery {
		s.acknowledge()
	}
	if wire.TypeOf(payload) == protocol.TypeReconnect {
		var r struct{ Data protocol.Reconnect }
		if json.Unmarshal(payload, &r) == nil {
			s.slot = time.Duration(r.Data.RetryAfterMS) * time.Millisecond
		}
	}
	s.mu.Unlock()
	s.guest.Frame(payload, at)
}

// noWelcome is a first frame that is something else.
type noWelcome struct{ frame string }

func (n *noWelcome) Error() string {
	return fmt.Sprintf("crowd: the first frame is no welcome: %.200s", n.frame)
}

// Cause names the failure in a report.
func (n *noWelcome) Cause() string { return "no welcome" }

// greeted takes the welcome. s.mu is held, and not when it returns.
func (s *Session) greeted(payload []byte, at time.Time) {
	var f struct {
		Type protocol.Type
		Data protocol.Welcome
	}
	err := json.Unmarshal(payload, &f)
	if err != nil || f.Type != protocol.TypeWelcome {
		s.socket.Cut()
		s.socket = nil
		s.fail()
		s.mu.Unlock()
		s.guest.Gone(&noWelcome{string(payload)}, true, at)
		return
	}
	s.welcome, s.token, s.received, s.told, s.failed, s.slot = true, f.Data.ResumeToken, 0, 0, 0, 0
	asked := s.asked
	s.mu.Unlock()
	s.guest.Welcomed(f.Data, asked, at)
}

// Pinged implements Listener.
func (s *Session) Pinged(_ Socket, at time.Time) {
	s.calls.Lock()
	defer s.calls.Unlock()
	s.guest.Pinged(at)
}

// Ended implements Listener.
func (s *Session) Ended(k Socket, err error, at time.Time) {
	s.calls.Lock()
	defer s.calls.Unlock()
	s.mu.Lock()
	if k != s.socket {
		s.mu.Unlock()
		return
	}
	s.socket, s.welcome = nil, false
	back := !s.over && comesBack(err)
	if back {
		s.fail()
	} else {
		s.end()
	}
	s.mu.Unlock()
	s.guest.Gone(err, back, at)
}

// comesBack reports whether a client is to come back after an end like this.
func comesBack(err error) bool {
	var closed websocket.CloseError
	if errors.As(err, &closed) {
		return protocol.CloseCode(closed.Code).ComeBack()
	}
	var refused *client.Problem
	return !errors.As(err, &refused) || refused.Status >= http.StatusInternalServerError
}

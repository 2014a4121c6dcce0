package client

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"parley/protocol"
)

// ErrAfresh ends what was asked for before a session began afresh: whether the
// server has done it is not known.
var ErrAfresh = errors.New("client: the session began afresh")

// Comeback says what a Session does when its socket is lost, or closed by the
// server with a code to come back with.
type Comeback int

// Ways to come back.
const (
	Stay     Comeback = iota // not at all: the session ends with its socket
	OnDemand                 // when Return is called
	ByItself                 // at once, then after pauses
)

// SessionConfig sets a Session up. The zero value is one socket, as Open opens it.
type SessionConfig struct {
	Comeback Comeback
	Ack      bool          // have the server keep what is not acknowledged (?ack=1)
	AckEvery int           // frames from one acknowledgement to the next; 0: 50
	Attempts int           // ByItself: most in a row, 0: 10
	Pause    time.Duration // ByItself: before the second attempt, doubled for each further up to a second; 0: 20 ms
}

const (
	ackEvery   = 50               // frames: as seldom as the contract allows
	ackTime    = 20 * time.Second // likewise
	attempts   = 10
	firstPause = 20 * time.Millisecond
	mostPause  = time.Second
	mostPosted = 1024 // frames that wait for a socket, or for their answers
)

// Session is a user's connection across the sockets that carry it. It counts the
// frames that came after each welcome, acknowledges them, and returns for the rest.
// Its methods may be called from any goroutine, Next by one at a time.
type Session struct {
	// static
	user   *User
	path   string
	cfg    SessionConfig
	ctx    context.Context
	stop   context.CancelFunc
	wanted chan comeback  // Return's, for run
	done   chan struct{}  // the session is over
	writes sync.WaitGroup // the sockets' writers

	// owned by run's goroutine
	token    string // of the last welcome
	received int    // frames since then
	acked    int    // of them

	mu       sync.Mutex
	socket   *Socket            // guarded by mu: the newest
	closing  bool               // guarded by mu
	welcomes []protocol.Welcome // guarded by mu
	waiting  []Frame            // guarded by mu: for Next
	out      outbox             // guarded by mu
	err      error              // guarded by mu: why the session is over
	changed  chan struct{}      // guarded by mu: closed when any of these changes
}

// comeback is a demand to return.
type comeback struct {
	ctx    context.Context
	answer chan error
}

// OpenSession opens a session on a path as Open does, and returns when its welcome
// has come. ctx bounds only that.
func (u *User) OpenSession(ctx context.Context, path string, cfg SessionConfig) (*Session, error) {
	if cfg.AckEvery == 0 {
		cfg.AckEvery = ackEvery
	}
	if cfg.Attempts == 0 {
		cfg.Attempts = attempts
	}
	if cfg.Pause == 0 {
		cfg.Pause = firstPause
	}
	s := &Session{
		user: u, path: path, cfg: cfg,
		wanted: make(chan comeback), done: make(chan struct{}), changed: make(chan struct{}),
	}
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	k, err := s.dial(ctx)
	if err != nil {
		s.stop()
		return nil, err
	}
	go s.run(k)
	return s, nil
}

// Next returns the next frame, but for those that answer: those of all sockets in
// one sequence, each socket's welcome among them. When the session is over, and all
// that came is read, it returns why.
func (s *Session) Next(ctx context.Context) (Frame, error) {
	var f Frame
	err := s.until(ctx, func() bool {
		if len(s.waiting) == 0 {
			return false
		}
		f, s.waiting = s.waiting[0], s.waiting[1:]
		return true
	})
	return f, err
}

// Await returns the next frame of a type and drops those before it.
func (s *Session) Await(ctx context.Context, t protocol.Type) (Frame, error) {
	for {
		f, err := s.Next(ctx)
		if err != nil || f.Type == t {
			return f, err
		}
	}
}

// Welcomed waits until the n-th welcome has come and returns it; 1 is the first.
func (s *Session) Welcomed(ctx context.Context, n int) (w protocol.Welcome, err error) {
	err = s.until(ctx, func() bool {
		if len(s.welcomes) < n {
			return false
		}
		w = s.welcomes[n-1]
		return true
	})
	return w, err
}

// until waits until ready, which is called with mu held, returns true.
func (s *Session) until(ctx context.Context, ready func() bool) error {
	for {
		s.mu.Lock()
		ok, err, changed := ready(), s.err, s.changed
		s.mu.Unlock()
		switch {
		case ok:
			return nil
		case err != nil:
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Request sends a frame and waits for its answer; an error frame is a *FrameError.
// Where the socket is lost before the answer comes, it finds out after the return
// whether the server has had the frame, and sends it again if not: as long as the
// session is resumed the server gets it exactly once, in the order of the calls. A
// chat_message needs a client_msg_id for that: its answer waits for the store.
func (s *Session) Request(ctx context.Context, t protocol.Type, data any) (Frame, error) {
	answer := make(chan Frame, 1)
	if err := s.post(t, data, answer); err != nil {
		return Frame{}, err
	}
	select {
	case f, ok := <-answer:
		if !ok {
			return Frame{}, s.gaveUp()
		}
		return f, asError(f)
	case <-s.done:
		return Frame{}, s.Err()
	case <-ctx.Done():
		return Frame{}, fmt.Errorf("client: waiting for the answer to %s: %w", t, ctx.Err())
	}
}

func (s *Session) gaveUp() error {
	if err := s.Err(); err != nil {
		return err
	}
	return ErrAfresh
}

// Post is Request without waiting: the answer is dropped. It fails if too much is
// under way, or when the session is over.
func (s *Session) Post(t protocol.Type, data any) error { return s.post(t, data, nil) }

func (s *Session) post(t protocol.Type, data any, answer chan Frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	if len(s.out.posted) >= mostPosted {
		return fmt.Errorf("client: send %s: %d frames are under way", t, mostPosted)
	}
	id := s.nextID()
	text, err := encode(outgoing{Type: t, ID: id, Data: data})
	if err != nil {
		return err
	}
	p := &posted{id: id, text: text, answer: answer}
	if in, ok := data.(InRoom); ok {
		p.to = place{in.RoomID, t.Channel()}
	}
	s.out.posted = append(s.out.posted, p)
	s.wake()
	return nil
}

// nextID numbers what is sent. mu is held.
func (s *Session) nextID() string {
	s.out.lastID++
	return strconv.Itoa(s.out.lastID)
}

// wake tells those who wait to look again. mu is held.
func (s *Session) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Socket is the newest socket. Its frames are the session's to read.
func (s *Session) Socket() *Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.socket
}

// Err is why the session is over; nil before.
func (s *Session) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// CloseCode waits until the session is over and returns the code that the server
// closed it with, or an error if it ended without one.
func (s *Session) CloseCode(ctx context.Context) (protocol.CloseCode, error) {
	select {
	case <-s.done:
		return codeOf(s.Err())
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Done is closed when the session is over.
func (s *Session) Done() <-chan struct{} { return s.done }

// Close leaves in good order and waits until the session is over.
func (s *Session) Close() error {
	s.mu.Lock()
	s.closing = true
	k := s.socket
	s.mu.Unlock()
	err := k.Close() // one that was lost cannot be closed in good order
	s.stop()
	<-s.done
	return err
}

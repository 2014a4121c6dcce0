package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"parley/loadtest/pause"
	"parley/protocol"
)

var errNoWelcome = errors.New("the server does not greet")

// run follows the session's sockets, one after the other.
func (s *Session) run(k *Socket) {
	defer func() {
		s.writes.Wait()
		close(s.done)
	}()
	for {
		err := s.follow(k)
		k.Cut()
		if stops(err) || s.cfg.Comeback == Stay {
			s.end(err)
			return
		}
		if k, err = s.another(err); err != nil {
			s.end(err)
			return
		}
	}
}

// stops reports whether a socket ended for good: the server's code says so.
func stops(err error) bool {
	code, none := codeOf(err)
	return none == nil && !code.ComeBack()
}

// follow takes frames until the socket ends, and returns why.
func (s *Session) follow(k *Socket) error {
	for {
		ctx, cancel := context.WithTimeout(s.ctx, ackTime)
		f, err := k.Next(ctx)
		cancel()
		switch {
		case err == nil:
			s.received++
			s.take(f)
			if s.received-s.acked >= s.cfg.AckEvery {
				s.acknowledge(k)
			}
		case errors.Is(err, context.DeadlineExceeded) && k.Err() == nil:
			s.acknowledge(k)
		default:
			return err
		}
	}
}

func (s *Session) acknowledge(k *Socket) {
	if s.cfg.Ack && s.received > s.acked {
		s.acked = s.received
		_ = k.Send(s.ctx, protocol.TypeReceived, protocol.Received{N: s.received}) // a lost socket is seen by its reader
	}
}

// take gives a frame to those whom it is for.
func (s *Session) take(f Frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.out.answered(f) {
		s.waiting = append(s.waiting, f)
	}
	s.wake()
}

// another returns the next socket, or why there is none.
func (s *Session) another(lost error) (*Socket, error) {
	if s.cfg.Comeback == ByItself {
		return s.retry()
	}
	for {
		select {
		case c := <-s.wanted:
			k, err := s.dial(c.ctx)
			c.answer <- err
			if err == nil || stops(err) {
				return k, err
			}
		case <-s.ctx.Done():
			return nil, lost
		}
	}
}

// retry dials until it works, the server says stop, or too often.
func (s *Session) retry() (*Socket, error) {
	wait := s.cfg.Pause
	for n := 1; ; n++ {
		k, err := s.dial(s.ctx)
		switch {
		case err == nil:
			return k, nil
		case stops(err):
			return nil, err
		case n == s.cfg.Attempts:
			return nil, fmt.Errorf("client: after %d attempts: %w", n, err)
		}
		if !pause.For(s.ctx, wait) {
			return nil, err
		}
		wait = min(2*wait, mostPause)
	}
}

// dial opens a socket, with the last welcome's token if there is one, and takes
// its welcome.
func (s *Session) dial(ctx context.Context) (*Socket, error) {
	path, err := s.address()
	if err != nil {
		return nil, err
	}
	k, err := s.user.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := s.greeted(ctx, k); err != nil {
		k.Cut()
		return nil, err
	}
	return k, nil
}

// greeted takes a socket's welcome.
func (s *Session) greeted(ctx context.Context, k *Socket) error {
	f, err := k.Next(ctx)
	if err != nil {
		return err
	}
	var w protocol.Welcome
	if err := f.Into(&w); err != nil || f.Type != protocol.TypeWelcome {
		return fmt.Errorf("client: %s instead of a welcome: %w", f.Type, errors.Join(errNoWelcome, err))
	}
	if !s.begin(k, f, w) {
		return context.Canceled
	}
	return nil
}

// address is the session's path with what the server is to know.
func (s *Session) address() (string, error) {
	u, err := url.Parse(s.path)
	if err != nil {
		return "", fmt.Errorf("client: %w", err)
	}
	query := u.Query()
	if s.cfg.Ack {
		query.Set("ack", "1")
	}
	if s.token != "" {
		query.Set("resume", s.token)
		query.Set("received", strconv.Itoa(s.received))
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// begin begins with a socket, unless the session is being closed.
func (s *Session) begin(k *Socket, f Frame, w protocol.Welcome) bool {
	s.token, s.received, s.acked = w.ResumeToken, 0, 0
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.socket = k
	s.welcomes = append(s.welcomes, w)
	s.waiting = append(s.waiting, f)
	if !w.Resumed {
		s.out.fail()
	}
	questions := s.out.begin(s.nextID)
	s.wake()
	s.writes.Go(func() { s.write(k, questions) })
	return true
}

// Return cuts the socket, unless it is lost already, and comes back with a new
// one: on the same path, where the frames that were read end. It is for a session
// that comes back OnDemand. When it fails it may be called again, until the
// session is over.
func (s *Session) Return(ctx context.Context) (protocol.Welcome, error) {
	s.Socket().Cut()
	c := comeback{ctx: ctx, answer: make(chan error, 1)}
	select {
	case s.wanted <- c:
	case <-s.done:
		return protocol.Welcome{}, s.Err()
	case <-ctx.Done():
		return protocol.Welcome{}, ctx.Err()
	}
	if err := <-c.answer; err != nil {
		return protocol.Welcome{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.welcomes[len(s.welcomes)-1], nil
}

// end ends the session.
func (s *Session) end(err error) {
	s.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	s.out.fail()
	s.wake()
}

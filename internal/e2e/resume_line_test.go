package e2e

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"parley/internal/faults"
	"parley/loadtest/client"
	"parley/protocol"
)

// line is one user's session in one channel, in a random schedule.
type line struct {
	*tracked
	far  *distant
	kind protocol.Channel
	lost time.Time // since when it may be lost; zero: it is not

	broken   bool // a stream of its ended
	left     bool // it left the call, and joined again
	expires  bool // it is to stay away past its window
	sighted  bool // eve knew of it then
	returned bool // it came back all the same

	cancel  context.CancelFunc // ends sending
	jobs    chan func(context.Context)
	sending sync.WaitGroup

	mu   sync.Mutex
	sent []outcome // guarded by mu: what was sent, in order
	err  error     // guarded by mu: the first failure that is none of the network's
}

// outcome is what became of a frame that a line sent.
type outcome int

const (
	unknown outcome = iota // the session began afresh before the answer
	turnedDown
	delivered
	queued
)

func openLine(ctx context.Context, u *client.User, room int64, kind protocol.Channel) (*line, error) {
	far, err := keepAway(u)
	if err != nil {
		return nil, err
	}
	path := map[protocol.Channel]string{protocol.ChannelChat: "/ws/room/%d/", protocol.ChannelCall: "/ws/call/%d/"}[kind]
	k, err := track(ctx, far.User, fmt.Sprintf(path, room))
	if err != nil {
		far.proxy.Close()
		return nil, err
	}
	l := &line{tracked: k, far: far, kind: kind, jobs: make(chan func(context.Context), 100)}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l.cancel = cancel
	l.sending.Go(func() {
		for {
			select {
			case job := <-l.jobs:
				job(work)
			case <-work.Done():
				return
			}
		}
	})
	return l, nil
}

func (l *line) String() string { return l.far.Account.Username + "'s " + string(l.kind) }

// send has the line send its next numbered frame when those before are answered.
func (l *line) send(context.Context) {
	l.jobs <- func(ctx context.Context) {
		l.mu.Lock()
		n := len(l.sent)
		l.sent = append(l.sent, unknown)
		l.mu.Unlock()
		became, err := l.ask(ctx, n)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.sent[n] = became
		if l.err == nil && ctx.Err() == nil {
			l.err = err
		}
	}
}

// ask sends the n-th frame. A chat message goes out until it is answered, since the
// server knows it by its client_msg_id; a signal that may have arrived does not go
// out again.
func (l *line) ask(ctx context.Context, n int) (outcome, error) {
	for {
		var f client.Frame
		var err error
		if l.kind == protocol.ChannelChat {
			text := fmt.Sprintf("%d.%d", l.far.Account.ID, n)
			f, err = l.Request(ctx, protocol.TypeChatMessage, map[string]string{"content": text, "client_msg_id": text})
		} else {
			f, err = l.Request(ctx, protocol.TypeSignal, map[string]int{"n": n})
		}
		var fe *client.FrameError
		switch {
		case errors.Is(err, client.ErrAfresh) && l.kind == protocol.ChannelChat:
			continue
		case errors.Is(err, client.ErrAfresh):
			return unknown, nil
		case errors.As(err, &fe) && fe.Code == protocol.CodeNotInCall:
			return turnedDown, nil
		case err != nil:
			return unknown, err
		}
		var d protocol.Delivery
		if f.Into(&d) == nil && d.Delivery == protocol.Queued {
			return queued, nil
		}
		return delivered, nil
	}
}

// rejoin leaves the call and joins it again.
func (l *line) rejoin(context.Context) {
	l.left = true
	l.jobs <- func(ctx context.Context) {
		for _, typ := range []protocol.Type{protocol.TypeLeaveCall, protocol.TypeJoinCall} {
			_, _ = l.Request(ctx, typ, nil) // either may be in vain where the session begins afresh
		}
	}
}

// lose loses the connection now.
func (l *line) lose(f fault) {
	l.mayBeLost()
	f.do(l.far.proxy.Current())
}

// loseAt loses it when a message is at a place.
func (l *line) loseAt(f fault, d faults.Direction, k int, place faults.Place) {
	l.mayBeLost()
	c := l.far.proxy.Current()
	c.At(d, k, place, func() { f.do(c) })
}

func (l *line) mayBeLost() {
	if l.lost.IsZero() {
		l.lost = time.Now()
	}
}

// clear cuts what may be cut at any moment, so that what follows is undisturbed.
func (l *line) clear() {
	if !l.lost.IsZero() {
		l.far.proxy.Current().Cut()
	}
}

// comeBack returns with a new socket, from one that may be lost or not. Within the
// window the session must be resumed.
func (l *line) comeBack(ctx context.Context) error {
	since := l.lost
	if since.IsZero() {
		since = time.Now()
	}
	w, err := l.Return(ctx)
	took := time.Since(since)
	switch {
	case err != nil:
		return fmt.Errorf("%s returns: %w", l, err)
	case !w.Resumed && took < shortWindow:
		return fmt.Errorf("%s is not resumed after %v", l, took)
	case !w.Resumed:
		l.broken = true
	}
	l.lost, l.returned = time.Time{}, true
	return nil
}

// drain waits until all that the line sent is answered, and all answers' frames
// before a ping's have come.
func (l *line) drain(ctx context.Context) error {
	done := make(chan struct{})
	l.jobs <- func(context.Context) { close(done) }
	select {
	case <-done:
	case <-ctx.Done():
		return fmt.Errorf("what was sent is not answered: %w", ctx.Err())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

package e2e

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"parley/loadtest/client"
	"parley/protocol"
)

// line is one user's part in one channel, in a random schedule.
type line struct {
	*traveller
	kind    protocol.Channel
	left    bool // it left the call, and joined again
	sighted bool // eve knew of it when it was to expire

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

// add adds a line to a session, which begins to send what it is given.
func (v *traveller) add(ctx context.Context, kind protocol.Channel) {
	l := &line{traveller: v, kind: kind, jobs: make(chan func(context.Context), 100)}
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
	v.lines = append(v.lines, l)
}

func (l *line) String() string {
	if l.all {
		return l.far.Account.Username + "'s " + string(l.kind) + ", on the socket for all,"
	}
	return l.far.Account.Username + "'s " + string(l.kind)
}

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
			f, err = l.Request(ctx, protocol.TypeChatMessage, l.data(map[string]string{"content": text, "client_msg_id": text}))
		} else {
			f, err = l.Request(ctx, protocol.TypeSignal, l.data(map[string]int{"n": n}))
		}
		var fe *client.FrameError
		early := errors.As(err, &fe) && fe.Code == protocol.CodeNotSubscribed // it began afresh
		switch {
		case (early || errors.Is(err, client.ErrAfresh)) && l.kind == protocol.ChannelChat:
			continue
		case errors.Is(err, client.ErrAfresh):
			return unknown, nil
		case early, fe != nil && fe.Code == protocol.CodeNotInCall:
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
			_, _ = l.Request(ctx, typ, l.data(nil)) // either may be in vain where the session begins afresh
		}
	}
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

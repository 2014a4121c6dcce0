package swarm

import (
	"context"
	"fmt"
	"time"

	"github.com/gobwas/ws"
)

// Cut ends the first n sockets without a word, as Drop does all. The others stay,
// and keep their places. It returns what those that were cut and have a session
// return to it with; what the kernel had for them and was not read is lost.
func (s *Swarm) Cut(n int) (back []Dial) {
	for _, k := range s.sockets[:n] {
		s.end(k)
		if k.session != nil && k.session.begun {
			back = append(back, k.session.back())
		}
	}
	return back
}

// Quiet has each socket that keeps a session tell what it has received, and
// returns when the server has dealt with all that it was sent before: it answers a
// ping then (RFC 6455, section 5.5.3).
func (s *Swarm) Quiet(ctx context.Context) error {
	s.handle = func(*socket, []byte, time.Duration) error { return nil }
	ping := ws.MustCompileFrame(ws.MaskFrame(ws.NewPingFrame(nil)))
	s.ponged = 0
	asked := 0
	for _, k := range s.sockets {
		if k.fd < 0 {
			continue
		}
		if k.session != nil {
			if err := s.send(k, k.session.tell()); err != nil {
				return err
			}
		}
		if err := s.send(k, ping); err != nil {
			return err
		}
		asked++
	}
	err := s.until(ctx, func() (int, time.Duration, error) { return asked - s.ponged, maxWait, nil })
	if err != nil {
		return fmt.Errorf("swarm: %d of %d pongs came: %w", s.ponged, asked, err)
	}
	return nil
}

// Meanwhile has every sender send the frame once, calls absent when all of it is
// answered, and returns when the deliveries have come too: those to sockets that
// absent has opened as well.
func (s *Swarm) Meanwhile(ctx context.Context, l Load, absent func() error) (Result, error) {
	runs, err := s.begin(l)
	defer s.finish()
	if err != nil {
		return Result{}, err
	}
	r := runs[0]
	r.left, r.counting = r.senders(), true
	start := s.now()
	err = s.until(ctx, func() (int, time.Duration, error) {
		_, err := s.fill()
		return r.left + r.unanswered(), maxWait, err
	})
	if err != nil {
		return r.result, s.stuck(err)
	}
	if err := absent(); err != nil {
		return r.result, err
	}
	s.handle = s.receive
	err = s.drain(ctx)
	r.result.Elapsed = s.now() - start
	return r.result, err
}

// unanswered is how many answers are still to come.
func (r *run) unanswered() (n int) {
	for _, s := range r.slots {
		n += s.answers
	}
	return n
}

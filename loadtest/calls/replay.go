package calls

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/loadtest/pause"
	"parley/protocol"
)

// replay is a party without media: it sends what real peers have sent, and judges
// what arrives.
type replay struct {
	*call
	script script

	actors []*actor // set by join: in the order of the room's users, nil who has no session
	wires  [][2]*wire
}

func (p *replay) join(ctx context.Context) error {
	p.actors = make([]*actor, len(p.room.users))
	var group errgroup.Group // not ended by a failure: who leaves then should have joined
	for i, user := range p.room.users {
		group.Go(func() (err error) {
			p.actors[i], err = p.act(ctx, user)
			return err
		})
	}
	return group.Wait()
}

// connect plays the script between each two.
func (p *replay) connect(ctx context.Context) (time.Time, error) {
	group, inner := errgroup.WithContext(ctx)
	for i, a := range p.actors {
		for _, b := range p.actors[i+1:] {
			there, back := &wire{call: p.call, from: a, to: b}, &wire{call: p.call, from: b, to: a}
			p.wires = append(p.wires, [2]*wire{there, back})
			group.Go(func() error {
				from := later(a.joined, b.joined)
				if err := p.play(inner, there, protocol.TypeOffer, p.script.Offer); err != nil {
					return err
				}
				if err := p.play(inner, back, protocol.TypeAnswer, p.script.Answer); err != nil {
					return err
				}
				p.r.Stage(StageNegotiate).Done(from, time.Now())
				return nil
			})
		}
	}
	err := group.Wait()
	return time.Now(), err
}

// play sends a description and its candidates over a wire.
func (p *replay) play(ctx context.Context, w *wire, t protocol.Type, s side) error {
	if err := w.pass(ctx, time.Now(), t, signal{SDP: s.SDP}); err != nil {
		return err
	}
	if p.cfg.Trickle == 0 {
		return w.pass(ctx, time.Now(), protocol.TypeICECandidate, s.candidates()...)
	}
	for _, c := range s.candidates() {
		if !pause.For(ctx, p.cfg.Trickle) {
			return errStopped
		}
		if err := w.pass(ctx, time.Now(), protocol.TypeICECandidate, c); err != nil {
			return err
		}
	}
	return nil
}

// hold has each two signal to each other, each time at its time.
func (p *replay) hold(ctx context.Context) error {
	began := time.Now()
	until := began.Add(p.cfg.Hold)
	group, ctx := errgroup.WithContext(ctx)
	for _, both := range p.wires {
		group.Go(func() error {
			for due := began; due.Before(until); due = due.Add(p.cfg.Ping) {
				if !pause.Until(ctx, due) {
					return nil
				}
				for _, w := range both {
					if err := w.pass(ctx, due, protocol.TypeSignal, signal{}); err != nil {
						return err
					}
				}
			}
			pause.Until(ctx, until)
			return nil
		})
	}
	if p.twists.cut {
		one := p.actors[len(p.actors)-1]
		group.Go(func() error {
			if !pause.For(ctx, p.cfg.Hold/2) {
				return nil
			}
			return p.returns(ctx, one.session, &one.arrival, func() { one.session.Socket().Cut() })
		})
	}
	return group.Wait()
}

func (p *replay) leave(ctx context.Context) {
	var all sync.WaitGroup
	for _, a := range p.actors {
		if a != nil {
			all.Go(func() {
				p.hangUp(ctx, a.session)
				<-a.done
			})
		}
	}
	all.Wait()
}

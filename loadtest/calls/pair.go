package calls

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/loadtest/pause"
	"parley/loadtest/peer"
)

// pair is the connection between two peers: both of its ends.
type pair struct {
	offerer, answerer *peer.Link
	up                time.Time // at both ends
}

// pairUp awaits the connection between two members and records its stages.
func (m *mesh) pairUp(ctx context.Context, a, b *member) (*pair, error) {
	step, cancel := m.step(ctx)
	defer cancel()
	ab, err := a.peer.To(step, b.peer.User().Account.ID)
	if err != nil {
		return nil, m.fail(ctx, StageNegotiate, err)
	}
	ba, err := b.peer.To(step, a.peer.User().Account.ID)
	if err != nil {
		return nil, m.fail(ctx, StageNegotiate, err)
	}
	err = errors.Join(ab.Connected(step), ba.Connected(step))
	p := &pair{offerer: ab, answerer: ba}
	if ab.Status().First.Answered.IsZero() {
		p.offerer, p.answerer = ba, ab
	}
	from := later(a.joined, b.joined)
	stage := m.milestones(from, p)
	if err != nil {
		return nil, m.fail(ctx, stage, err)
	}
	p.up = later(p.offerer.Status().First.Up, p.answerer.Status().First.Up)
	m.r.Stage(StageConnect).Done(from, p.up)
	local, remote := p.offerer.CandidateTypes()
	m.r.Count(countPairs+local+"-"+remote, 1)
	return p, nil
}

// milestones records those that were reached, as the one who offered saw them, and
// returns the stage that comes next.
func (m *mesh) milestones(from time.Time, p *pair) (next string) {
	first := p.offerer.Status().First
	for _, reached := range []struct {
		stage string
		at    time.Time
	}{{StageNegotiate, first.Answered}, {StageICE, first.ICE}, {StageDTLS, first.DTLS}} {
		if reached.at.IsZero() {
			return reached.stage
		}
		m.r.Stage(reached.stage).Done(from, reached.at)
		from = reached.at
	}
	return StageConnect
}

// ping sends pings over the data channel and back, each at its time: one that is
// late because the last was slow counts from when it should have gone out.
func (m *mesh) ping(ctx context.Context, p *pair, began time.Time) error {
	until := began.Add(m.cfg.Hold)
	for due := began; due.Before(until); due = due.Add(m.cfg.Ping) {
		if !pause.Until(ctx, due) {
			return nil
		}
		if err := m.echo(ctx, p, due); err != nil {
			return m.fail(ctx, StageData, err)
		}
		m.r.Stage(StageData).Done(due, time.Now())
	}
	pause.Until(ctx, until)
	return nil
}

func (m *mesh) echo(ctx context.Context, p *pair, due time.Time) error {
	step, cancel := m.step(ctx)
	defer cancel()
	sent := due.Format(time.RFC3339Nano)
	if err := p.offerer.Send([]byte(sent)); err != nil {
		return err
	}
	there, err := p.answerer.Receive(step)
	if err != nil {
		return err
	}
	if err := p.answerer.Send(there); err != nil {
		return err
	}
	back, err := p.offerer.Receive(step)
	if err == nil && string(back) != sent {
		err = fmt.Errorf("calls: sent %q, and %q came back", sent, back)
	}
	return err
}

// firstPackets awaits that audio and video arrive at one end.
func (m *mesh) firstPackets(ctx context.Context, p *pair, end *peer.Link) error {
	step, cancel := m.step(ctx)
	defer cancel()
	if err := end.Await(step, func(s peer.Status) bool { return s.Audio > 0 && s.Video > 0 }); err != nil {
		return m.fail(ctx, StageRTP, err)
	}
	m.r.Stage(StageRTP).Done(p.up, time.Now())
	return nil
}

// restart restarts ICE while the call goes on.
func (m *mesh) restart(ctx context.Context, p *pair) error {
	if !pause.For(ctx, m.cfg.Hold/3) {
		return nil
	}
	step, cancel := m.step(ctx)
	defer cancel()
	began := time.Now()
	p.offerer.Restart()
	restarted := func(s peer.Status) bool { return s.Restarts > 0 }
	if err := errors.Join(p.offerer.Await(step, restarted), p.answerer.Await(step, restarted)); err != nil {
		return m.fail(ctx, StageRestart, err)
	}
	m.r.Stage(StageRestart).Done(began, time.Now())
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

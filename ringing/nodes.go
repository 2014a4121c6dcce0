package ringing

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"parley/protocol"
	"parley/ringing/ring"
	"parley/room"
)

const (
	// verdictTimeout is how long a client waits for another node.
	verdictTimeout = 2 * time.Second
	// mostQuestions bounds what a user may wait for.
	mostQuestions = 2 * ring.MaxInvites
)

// asker is a client that waits for another node's verdict.
type asker struct {
	client room.Client
	id     protocol.ID
	timer  *time.Timer
}

// inviteID names an invite, and in company the node that knows it.
func (s *Service) inviteID(random string) string {
	if s.hub.Alone() {
		return random
	}
	return random + "~" + s.hub.Boot()
}

// nodeOf is the node that knows an invite; "" is this one.
func (s *Service) nodeOf(inviteID string) string {
	_, boot, named := strings.Cut(inviteID, "~")
	if !named || boot == s.hub.Boot() || s.hub.Alone() {
		return ""
	}
	return boot
}

// putTo has another node decide, and the client hear of it.
func (s *Service) putTo(boot string, c room.Client, id protocol.ID, q question) {
	user := c.User().ID
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.questions[user] == mostQuestions {
		c.Fail(id, protocol.Errorf(protocol.CodeRateLimited, "at most %d answers are under way at a time", mostQuestions))
		return
	}
	s.questions[user]++
	s.lastQuestion++
	q.ID, q.User, q.Connection = s.lastQuestion, *c.User(), room.NameOf(c)
	s.askers[q.ID] = asker{c, id.Clone(), time.AfterFunc(verdictTimeout, func() {
		s.settle(verdict{ID: q.ID, Error: protocol.Errorf(protocol.CodeUnavailable, "the node where it rings does not answer")})
	})}
	if !s.hub.Write(boot, room.Letter{Kind: room.KindRinging, Body: encode(message{Question: &q})}) {
		s.askers[q.ID].timer.Reset(0)
	}
}

// settle gives a client what was decided.
func (s *Service) settle(v verdict) {
	s.mu.Lock()
	a, waits := s.askers[v.ID]
	if waits {
		delete(s.askers, v.ID)
		user := a.client.User().ID
		if s.questions[user]--; s.questions[user] == 0 {
			delete(s.questions, user)
		}
	}
	s.mu.Unlock()
	if !waits {
		return
	}
	a.timer.Stop()
	a.client.Post(func() {
		if v.Error != nil {
			a.client.Fail(a.id, v.Error)
			return
		}
		a.client.Ack(a.id, protocol.Empty{})
	})
}

// hear takes what another node says.
func (s *Service) hear(l room.Letter) {
	var m message
	if err := json.Unmarshal(l.Body, &m); err != nil {
		s.cfg.Logger.Error("ringing: message not understood", "err", err)
		return
	}
	switch {
	case m.Question != nil:
		s.judge(l.From, *m.Question)
	case m.Verdict != nil:
		s.settle(*m.Verdict)
	case m.Told != nil:
		s.pass(*m.Told)
	default:
		s.mu.Lock()
		defer s.mu.Unlock()
		switch {
		case m.Rings != nil:
			s.elsewhere.add(*m.Rings, time.Now())
		case m.Silent != nil:
			s.elsewhere.remove(*m.Silent)
		case m.Missed != 0:
			s.later(func(ctx context.Context) { s.tellMissed(ctx, m.Missed) })
		}
	}
}

// judge decides what a client of another node asks.
func (s *Service) judge(from string, q question) {
	v := verdict{ID: q.ID}
	if err := s.change(respondent{user: q.User, connection: q.Connection}, q.Room, q.Type, q.Invite); err != nil {
		v.Error = protocol.AsError(err)
	}
	s.hub.Write(from, room.Letter{Kind: room.KindRinging, Body: encode(message{Verdict: &v})})
}

// pass gives this node's clients of a user what another node told its own.
func (s *Service) pass(t toldOf) {
	s.mu.Lock()
	delete(s.untold, t.User)
	to := s.clients.of(t.User)
	s.mu.Unlock()
	for _, frame := range t.Frames {
		f := room.Fill(protocol.TypeCallMissed, func(b []byte) []byte { return append(b, frame...) })
		for _, c := range to {
			c.Post(func() { c.Send(f) })
		}
	}
}

// announce tells every other node, in the order of the jobs.
func (s *Service) announce(m message) {
	if !s.hub.Alone() && !s.hub.Announce(room.KindRinging, encode(m)) {
		s.cfg.Logger.Error("ringing: not announced to the other nodes")
	}
}

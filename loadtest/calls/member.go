package calls

import (
	"context"
	"sync/atomic"
	"time"

	"parley/loadtest/client"
	"parley/loadtest/measure"
	"parley/loadtest/pause"
	"parley/loadtest/peer"
	"parley/protocol"
)

// arrival watches a session from its first frame on.
type arrival struct {
	r        *measure.Recorder
	intended time.Time // when the call should have begun

	welcomes atomic.Int64

	// owned by who reads the session, until it has joined
	welcomed time.Time
	joined   time.Time
}

// see takes the session's frames, in order.
func (a *arrival) see(f client.Frame) {
	switch f.Type {
	case protocol.TypeWelcome:
		a.welcome(f)
	case protocol.TypeCallJoined:
		if a.joined.IsZero() {
			a.joined = time.Now()
			a.r.Stage(StageJoin).Done(a.welcomed, a.joined)
		}
	}
}

func (a *arrival) welcome(f client.Frame) {
	if a.welcomes.Add(1) == 1 {
		a.welcomed = time.Now()
		a.r.Stage(StageSocket).Done(a.intended, a.welcomed)
		return
	}
	var in protocol.Welcome
	if f.Into(&in) == nil && in.Resumed {
		a.r.Count(CountResumed, 1)
	} else {
		a.r.Count(CountAfresh, 1)
	}
}

// stage is the one that a failure to join belongs to.
func (a *arrival) stage() string {
	if a.welcomes.Load() == 0 {
		return StageSocket
	}
	return StageJoin
}

// member is a peer that has joined.
type member struct {
	arrival
	peer *peer.Peer
}

// enter has a user join the room's call.
func (m *mesh) enter(ctx context.Context, u *client.User) (*member, error) {
	one := &member{arrival: arrival{r: m.r, intended: m.intended}}
	step, cancel := m.step(ctx)
	defer cancel()
	joined, err := peer.Join(step, u, m.room.id, peer.Config{
		Settings: m.settings, Media: m.cfg.Media, Eager: m.twists.glare, RelayOnly: m.cfg.RelayOnly, Trickle: m.cfg.Trickle,
		Return: true, Observe: one.see,
	})
	if err != nil {
		return nil, m.fail(ctx, one.stage(), err)
	}
	m.r.Move(gaugeSockets, 1)
	one.peer = joined
	return one, nil
}

// cut loses a session's socket, as a bad network does, and awaits its return.
func (m *mesh) cut(ctx context.Context, one *member) error {
	if !pause.For(ctx, m.cfg.Hold/2) {
		return nil
	}
	return m.returns(ctx, one.peer.Session(), &one.arrival, one.peer.Cut)
}

// returns awaits that a session returns after its loss, and is the same.
func (c *call) returns(ctx context.Context, s *client.Session, a *arrival, lose func()) error {
	step, cancel := c.step(ctx)
	defer cancel()
	began, welcomes := time.Now(), int(a.welcomes.Load())
	lose()
	w, err := s.Welcomed(step, welcomes+1)
	if err == nil && !w.Resumed {
		err = client.ErrAfresh
	}
	if err != nil {
		return c.fail(ctx, StageResume, err)
	}
	c.r.Stage(StageResume).Done(began, time.Now())
	return nil
}

package calls

import (
	"context"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"
	"golang.org/x/sync/errgroup"

	"parley/loadtest/peer"
	"parley/loadtest/target"
)

// mesh is a party of real peers, each connected to each other.
type mesh struct {
	*call
	settings webrtc.SettingEngine

	members []*member // set by join: in the order of the room's users, nil who could not
	pairs   []*pair   // set by connect
}

// settings are those of the WebRTC stack: within one machine, candidates of the
// loopback interface suffice. Where there is nothing but relays, there is nothing
// better to wait for.
func settings(cfg Config, t *target.Target) webrtc.SettingEngine {
	var s webrtc.SettingEngine
	if t.Local() {
		s = peer.Loopback()
	}
	if cfg.RelayOnly {
		s.SetRelayAcceptanceMinWait(0)
	}
	return s
}

func (m *mesh) join(ctx context.Context) error {
	m.members = make([]*member, len(m.room.users))
	var group errgroup.Group // not ended by a failure: who leaves then should have joined
	for i, user := range m.room.users {
		group.Go(func() (err error) {
			m.members[i], err = m.enter(ctx, user)
			return err
		})
	}
	return group.Wait()
}

func (m *mesh) connect(ctx context.Context) (last time.Time, err error) {
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	for i, a := range m.members {
		for _, b := range m.members[i+1:] {
			group.Go(func() error {
				p, err := m.pairUp(ctx, a, b)
				if err != nil {
					return err
				}
				mu.Lock()
				defer mu.Unlock()
				m.pairs = append(m.pairs, p)
				if p.up.After(last) {
					last = p.up
				}
				return nil
			})
		}
	}
	return last, group.Wait()
}

// hold exchanges data and media, with what is made difficult on purpose.
func (m *mesh) hold(ctx context.Context) error {
	m.r.Move(gaugeConnects, int64(len(m.pairs)))
	defer m.r.Move(gaugeConnects, -int64(len(m.pairs)))
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range m.pairs {
		group.Go(func() error { return m.ping(ctx, p, began) })
		if m.cfg.Media {
			group.Go(func() error { return m.firstPackets(ctx, p, p.offerer) })
			group.Go(func() error { return m.firstPackets(ctx, p, p.answerer) })
		}
	}
	if m.twists.restart {
		group.Go(func() error { return m.restart(ctx, m.pairs[0]) })
	}
	if m.twists.cut {
		group.Go(func() error { return m.cut(ctx, m.members[len(m.members)-1]) })
	}
	return group.Wait()
}

// leave has all leave in good order, hang up and close.
func (m *mesh) leave(ctx context.Context) {
	for _, p := range m.pairs {
		for _, l := range []*peer.Link{p.offerer, p.answerer} {
			s := l.Status()
			m.r.Count(CountPackets, int64(s.Audio+s.Video))
			m.r.Count(CountGlare, int64(s.Ignored))
		}
	}
	var all sync.WaitGroup
	for _, one := range m.members {
		if one == nil {
			continue
		}
		all.Go(func() {
			m.hangUp(ctx, one.peer.Session())
			one.peer.Close()
		})
	}
	all.Wait()
}

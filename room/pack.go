package room

import (
	"parley/edge"
	"parley/protocol"
)

// pack implements rider: it calls then, in this turn.
func (s *Session) pack(last bool, then func([]packed)) { then(s.packed(last)) }

// packed is the session for another node; with last it has left its room then.
func (s *Session) packed(last bool) (p []packed) {
	if s.gone {
		return nil
	}
	if s.held != nil && s.held.packed != nil {
		p = []packed{*s.held.packed}
	} else {
		p = []packed{{at: place{s.room.id, s.part.channel}, since: s.Since(), greeted: s.greeted, body: s.body()}}
	}
	if last {
		s.closed(edge.Closure{Code: codeMoved})
	}
	return p
}

// body is what the session is to its behavior.
func (s *Session) body() []byte {
	m, is := s.part.behavior.(Mover)
	if !is || !s.greeted {
		return nil
	}
	defer s.survive()
	return m.Pack(s)
}

// pack implements rider. The room's shard is asked.
func (k *carrier) pack(last bool, then func([]packed)) {
	k.up.post(0, func() {
		m := k.remote
		p := m.packed(last)
		m.down.post(0, func() {
			if last { // before anything that was broadcast since
				k.leaveAnnex()
			}
			then(p)
		})
	})
}

func (m *remote) packed(last bool) (p []packed) {
	if m.ended || m.session == nil {
		return nil
	}
	p = m.session.packed(last)
	if last { // what was received and not taken was as good as lost on its way
		m.ended, m.queue = true, nil
	}
	return p
}

// pack implements rider: all subscriptions of the desk. One of which it is not
// known yet whether it may be, goes along as it came here, or not at all.
func (d *desk) pack(last bool, then func([]packed)) {
	var all []packed
	waiting := 1
	done := func() {
		if waiting--; waiting == 0 {
			then(all)
		}
	}
	for at, sub := range d.subs {
		if sub.rider == nil {
			if last {
				delete(d.subs, at)
			}
			if sub.packed != nil {
				all = append(all, *sub.packed)
			} else if last {
				d.Fail(sub.id, protocol.Errorf(protocol.CodeUnavailable, "on another node now: subscribe again"))
			}
			continue
		}
		waiting++
		sub.rider.pack(last, func(p []packed) {
			for _, s := range p {
				s.acked, s.id = sub.acked, sub.id
				all = append(all, s)
			}
			done()
		})
	}
	done()
}

// pack implements rider.
func (nobody) pack(_ bool, then func([]packed)) { then(nil) }

package inbox

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"parley/protocol"
	"parley/room"
)

// newsEvery bounds how often a node publishes: what happens meanwhile goes
// together. The first after a quiet while goes at once.
const newsEvery = 50 * time.Millisecond

// news is what happened on one node, in rooms.
type news struct {
	Changed []change `json:"changed,omitempty"`
	Started []start  `json:"started,omitempty"`
}

// change says that what is unread in a room may have changed: for one user, or
// with User 0 for all.
type change struct {
	Room int64 `json:"room"`
	User int64 `json:"user,omitempty"`
}

// start says that somebody is the first in a room's call.
type start struct {
	Room int64         `json:"room"`
	By   protocol.User `json:"by"`
}

// outgoing is news that was not published yet. What is said of the same twice is
// said once.
type outgoing struct {
	bell chan struct{} // capacity 1: there is some

	mu      sync.Mutex
	changed map[change]struct{} // guarded by mu, as is started
	started []start
}

func newOutgoing() outgoing {
	return outgoing{bell: make(chan struct{}, 1), changed: make(map[change]struct{})}
}

// Changed says that what is unread in a room may have changed for a user, or with
// userID 0 for all who are in it. Every node's users are told, soon.
func (s *Service) Changed(roomID, userID int64) {
	o := &s.outgoing
	o.mu.Lock()
	defer o.mu.Unlock()
	o.changed[change{roomID, userID}] = struct{}{}
	ring(o.bell)
}

// CallStarted says that a room's call, which nobody was in, has its first peer.
func (s *Service) CallStarted(roomID int64, by protocol.User) {
	o := &s.outgoing
	o.mu.Lock()
	defer o.mu.Unlock()
	o.started = append(o.started, start{roomID, by})
	ring(o.bell)
}

func (o *outgoing) take() news {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := news{Changed: make([]change, 0, len(o.changed)), Started: o.started}
	for c := range o.changed {
		n.Changed = append(n.Changed, c)
	}
	clear(o.changed)
	o.started = nil
	return n
}

// dispatch publishes news, on a goroutine of its own, until ctx ends.
func (s *Service) dispatch(ctx context.Context) {
	for {
		select {
		case <-s.outgoing.bell:
			s.publish(s.outgoing.take())
		case <-ctx.Done():
			if n := s.outgoing.take(); len(n.Changed)+len(n.Started) > 0 {
				s.publish(n)
			}
			return
		}
		select {
		case <-time.After(newsEvery):
		case <-ctx.Done():
		}
	}
}

// publish tells every node, this one first.
func (s *Service) publish(n news) {
	s.mailbox.post(func() { s.take(n) })
	b, err := json.Marshal(n)
	if err != nil {
		panic("inbox: news always encode: " + err.Error())
	}
	if !s.hub.Announce(room.KindInbox, b) {
		s.log.Error("inbox: not announced to the other nodes")
	}
}

// hear takes the news of another node.
func (s *Service) hear(payload []byte) {
	var n news
	if err := json.Unmarshal(payload, &n); err != nil {
		s.log.Error("inbox: news not understood", "err", err)
		return
	}
	s.mailbox.post(func() { s.take(n) })
}

func (s *Service) take(n news) {
	for _, c := range n.Changed {
		s.changed(c.Room, c.User)
	}
	for _, c := range n.Started {
		s.started(c)
	}
}

// started tells who could join a call that it has begun.
func (s *Service) started(c start) {
	in := s.places.of(c.Room)
	if len(in) == 0 {
		return
	}
	f := room.Encode(protocol.TypeIncomingCall, c.Room, protocol.IncomingCall{RoomID: c.Room, From: c.By})
	for _, p := range in {
		if p.who.user != c.By.ID {
			p.who.send(f)
		}
	}
}

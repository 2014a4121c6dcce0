package signaling

import (
	"container/heap"
	"math/rand/v2"
	"sync"
	"time"

	"parley/protocol"
	"parley/room"
	"parley/signaling/call"
)

// renewal is when a peer is due for other ICE servers, since the credentials that
// it has end with time.
type renewal struct {
	// static
	roomID  int64
	session call.SessionID
	due     time.Time

	place int // in the queue, -1 once it is not; guarded by renewals.mu
}

// renewals are those of all peers of a node, with one timer. Its methods may be
// called from any goroutine.
type renewals struct {
	renew func(*renewal) // of one that is due; it must not block. Static

	mu    sync.Mutex
	queue queue       // guarded by mu
	timer *time.Timer // guarded by mu; for the first of the queue, nil before there was one
	over  bool        // guarded by mu
}

// add has a renewal come when it is due.
func (q *renewals) add(r *renewal) {
	q.mu.Lock()
	defer q.mu.Unlock()
	heap.Push(&q.queue, r)
	q.set()
}

// remove has it not come. Of one that has, or of nil, that is nothing.
func (q *renewals) remove(r *renewal) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if r != nil && r.place >= 0 {
		heap.Remove(&q.queue, r.place)
	}
}

// stop ends all.
func (q *renewals) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.over = true
	if q.timer != nil {
		q.timer.Stop()
	}
}

// set has the timer wait for the first. It may go off for nothing: for one that
// was removed.
func (q *renewals) set() {
	switch {
	case q.over || len(q.queue) == 0:
	case q.timer == nil:
		q.timer = time.AfterFunc(time.Until(q.queue[0].due), q.run)
	default:
		q.timer.Reset(time.Until(q.queue[0].due))
	}
}

// run is the timer's.
func (q *renewals) run() {
	for _, r := range q.take(time.Now()) {
		q.renew(r)
	}
}

func (q *renewals) take(now time.Time) (due []*renewal) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.queue) > 0 && !q.queue[0].due.After(now) {
		due = append(due, heap.Pop(&q.queue).(*renewal))
	}
	q.set()
	return due
}

// queue implements heap.Interface: the first is due first.
type queue []*renewal

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i, j
}

// Push implements heap.Interface.
func (q *queue) Push(x any) {
	r := x.(*renewal)
	r.place = len(*q)
	*q = append(*q, r)
}

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := len(*q) - 1
	r := (*q)[last]
	(*q)[last], *q = nil, (*q)[:last]
	r.place = -1
	return r
}

// iceServers are what a peer is to use from now on. When half of their time is over,
// or up to a fifth of that sooner, so that not all come at once, it is told of others.
func (c *roomCall) iceServers(p *peer) protocol.ICEServers {
	ice := c.svc.cfg.ICEServers(p.session.User().ID)
	if ice.ExpiresAt == nil {
		c.renewAt(p, nil)
		return ice
	}
	now := time.Now()
	half := ice.ExpiresAt.Sub(now) / 2
	due := now.Add(half - rand.N(half/5+1))
	c.renewAt(p, &due)
	return ice
}

// renewAt has a peer told of other ICE servers at a time, which may be past; nil:
// never.
func (c *roomCall) renewAt(p *peer, due *time.Time) {
	c.svc.renewals.remove(p.renewal)
	p.renewal = nil
	if due != nil {
		p.renewal = &renewal{roomID: c.room.ID(), session: p.id, due: *due}
		c.svc.renewals.add(p.renewal)
	}
}

// renew tells a peer of other ICE servers, on its room's shard. What a suspended one is
// told is kept for it.
func (s *Service) renew(r *renewal) {
	s.hub.In(r.roomID, func(in *room.Room) {
		if in == nil {
			return
		}
		c, is := in.Behavior(channel).(*roomCall)
		if !is {
			return
		}
		if p := c.byID[r.session]; p != nil && p.renewal == r && c.call.IsPeer(p.id) {
			p.session.Send(room.EncodeIn(in, protocol.TypeICEServers, c.iceServers(p)))
		}
	})
}

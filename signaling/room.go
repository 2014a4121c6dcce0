package signaling

import (
	crand "crypto/rand"
	"math/rand/v2"
	"time"

	"parley/protocol"
	"parley/room"
	"parley/signaling/call"
)

// roomCall is the call of one room. It belongs to the room's shard.
type roomCall struct {
	// static
	svc  *Service
	room *room.Room // of the calls that are kept longer than their rooms: the last
	call *call.Call
	cfg  call.Config
	key  string // of the ledger's document

	// owned by the shard
	bySession map[*room.Session]*peer
	byID      map[call.SessionID]*peer
	lastID    call.SessionID
	told      told
	shows     uint64 // counts what the room was shown
	lastFrame call.FrameID
	parked    map[place]parked  // nil until there is one
	encodings []encoding        // of the frame that is being relayed
	delivery  protocol.Delivery // of that frame: an ack that is not allocated
	across    []target          // of that frame, on other nodes
	accord    *accord           // nil where there are no other nodes
}

// peer is a call socket's session.
type peer struct {
	id      call.SessionID
	session *room.Session
	// The sender's encoded identity, made when the peer first relays under its
	// peer id: a rejoin has another.
	peerID string
	sender protocol.Sender

	renewal *renewal // of its ICE servers; nil: they do not expire, or it has none

	errands  int32                   // under way
	waits    bool                    // for the end of all, before it is read from again
	answered bool                    // with call_joined, to a join_call that is to be settled
	returned bool                    // something came back that waits here for who it is for
	packed   bool                    // on its way to another node
	refused  map[call.SessionID]bool // whose frames were sent back, until one comes that was sent after that was known
	// arriving: from another node, with frames that come first: others wait until then
	// (accord.late), and of who came and left meanwhile it is told at once.
	arriving bool
}

// told is what the metrics were last told of the call.
type told struct {
	state  protocol.CallRoomState
	active int // on all nodes
	here   int
}

func (s *Service) newRoom(r *room.Room) room.Behavior {
	if c := s.callOf(r.ID()); c != nil { // which is not through with what it had begun
		c.room = r
		return c
	}
	cfg := call.Config{MaxPeers: s.cfg.MaxParticipants, ParkedBytes: s.cfg.ParkedBytes, Node: r.Allowance()}
	if s.shared() {
		cfg.Boot, cfg.Nodes = s.hub.Boot(), s
	}
	c := &roomCall{
		svc: s, room: r, cfg: cfg, call: call.New(cfg),
		bySession: make(map[*room.Session]*peer),
		byID:      make(map[call.SessionID]*peer),
		told:      told{state: protocol.CallIdle},
	}
	if s.shared() {
		c.accord, c.key = &accord{lastRequest: rand.Uint64() >> 1}, rosterKey(r.ID())
		s.keep(c)
	}
	return c
}

// Enter implements room.Behavior.
func (c *roomCall) Enter(s *room.Session) {
	if c.accord != nil {
		c.arriveAs(s, nil, func(*peer) {})
		return
	}
	c.lastID++
	p := &peer{id: c.lastID, session: s}
	c.bySession[s], c.byID[p.id] = p, p
	s.Welcome()
	s.Release()
	c.show(s, c.call.Step(call.Connect{Session: p.id, User: *s.User(), PeerID: crand.Text()}))
}

// Suspend implements room.Behavior. What other peers signal to the session waits.
func (c *roomCall) Suspend(s *room.Session, until time.Time) {
	ev := call.Suspend{Session: c.bySession[s].id, Until: until}
	if c.accord != nil {
		ev.Until = until.Truncate(time.Millisecond) // as others read it
		c.propose(ev, func(error) {})
		return
	}
	c.perform(nil, c.call.Step(ev))
}

// Resume implements room.Behavior.
func (c *roomCall) Resume(s *room.Session) {
	s.Welcome()
	if c.accord != nil {
		c.back(c.bySession[s])
		return
	}
	c.show(s, c.call.Step(call.Resume{Session: c.bySession[s].id}))
}

// show performs what follows from a session's coming, and has it see the call's
// state, whether or not that is news to the room.
func (c *roomCall) show(s *room.Session, changes []call.Action) {
	if len(changes) == 0 {
		s.Send(room.EncodeIn(c.room, protocol.TypeCallState, c.call.State()))
	}
	c.perform(nil, changes)
}

// Leave implements room.Behavior.
func (c *roomCall) Leave(s *room.Session, why protocol.LeaveReason) {
	p := c.bySession[s]
	delete(c.bySession, s)
	delete(c.byID, p.id)
	c.renewAt(p, nil)
	if c.accord != nil {
		c.away(p, why)
		return
	}
	c.perform(nil, c.call.Step(call.Disconnect{Session: p.id, Reason: why}))
}

// LastSeq implements room.Behavior: nothing is counted.
func (c *roomCall) LastSeq() *int64 { return nil }

// Receive implements room.Behavior.
func (c *roomCall) Receive(s *room.Session, e protocol.Envelope) {
	p := c.bySession[s]
	switch e.Type {
	case protocol.TypeJoinCall:
		if c.accord != nil {
			c.proposeJoin(p, e.ID.Clone())
		} else if c.perform(e.ID, c.call.Step(call.Join{Session: p.id, NextPeerID: crand.Text()})) {
			s.Ack(e.ID, protocol.Empty{})
		}
	case protocol.TypeLeaveCall:
		if c.accord != nil {
			c.proposeLeave(p, e.ID.Clone())
			return
		}
		c.perform(e.ID, c.call.Step(call.Leave{Session: p.id}))
		s.Ack(e.ID, protocol.Empty{})
	case protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate, protocol.TypeSignal:
		c.relay(p, e)
	case protocol.TypePeerState:
		c.report(s, e)
	default:
		s.Fail(e.ID, protocol.Errorf(protocol.CodeUnknownType, "a call socket takes no such frame"))
	}
}

// perform carries out what the state machine decided. It reports false if the
// event was rejected; the one who asked, by the frame id, has been told then.
func (c *roomCall) perform(id protocol.ID, actions []call.Action) bool {
	ok := true
	for _, a := range actions {
		switch a := a.(type) {
		case *call.SendJoined:
			c.joined(a)
		case *call.SendUserJoined:
			c.send(a.To, protocol.TypeUserJoined, a.UserJoined)
		case *call.SendUserLeft:
			c.send(a.To, protocol.TypeUserLeft, a.UserLeft)
		case *call.SendExpired:
			c.expired(a, c.unpark(place{a.For, a.Frame}))
		case *call.Deliver:
			c.deliver(a)
		case *call.Drop:
			c.forget(a)
		case *call.BroadcastState:
			c.observe(a.State)
			c.shows++
			c.room.Broadcast("", room.EncodeIn(c.room, protocol.TypeCallState, a.State))
		case *call.Replace:
			if p := c.byID[a.Session]; p != nil {
				p.session.Close(protocol.CloseReplaced, "joined from elsewhere", protocol.LeaveReplaced)
			}
		case *call.Evict:
			if p := c.byID[a.Session]; p != nil && !p.packed {
				p.session.Close(protocol.CloseRestart, "taken for gone", protocol.LeaveTimeout)
			}
		case *call.Reject:
			ok = false
			if p := c.byID[a.To]; p != nil {
				p.session.Fail(id, a.Err)
			}
		}
	}
	return ok
}

func (c *roomCall) joined(a *call.SendJoined) {
	p := c.byID[a.To]
	if p == nil {
		return
	}
	p.answered = true
	if started := c.svc.cfg.Started; started != nil && c.told.active == 0 && len(a.Peers) == 0 {
		started(c.room.ID(), *p.session.User())
	}
	ice := c.iceServers(p)
	p.session.Send(room.EncodeIn(c.room, protocol.TypeCallJoined, protocol.CallJoined{
		PeerID: a.PeerID, Participants: a.Peers,
		ICEServers: ice.ICEServers, ExpiresAt: ice.ExpiresAt,
	}))
}

// send gives one frame to several sessions.
func (c *roomCall) send(to []call.SessionID, t protocol.Type, data protocol.Payload) {
	frame := room.EncodeIn(c.room, t, data)
	for _, id := range to {
		if p := c.byID[id]; p != nil && !p.arriving {
			p.session.Send(frame)
		}
	}
}

// observe tells the metrics what changed.
func (c *roomCall) observe(s protocol.CallState) {
	now := told{state: s.RoomState}
	_, now.here = c.call.Peers()
	if now.state == protocol.CallEnded {
		return // idle follows
	}
	for _, p := range s.Participants {
		if p.State != protocol.ParticipantConnecting {
			now.active++
		}
	}
	if now.state != c.told.state {
		c.svc.cfg.Meter.StateChanged(string(c.told.state), string(now.state))
	}
	if now.here != c.told.here {
		c.svc.cfg.Meter.Peers(now.here - c.told.here)
	}
	c.told = now
}

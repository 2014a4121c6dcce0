package signaling

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/ledger"
	"parley/protocol"
	"parley/room"
	"parley/signaling/call"
)

// Meter observes calls. Its methods may be called from any goroutine.
type Meter interface {
	StateChanged(from, to string)
	Peers(delta int)
	Relayed(typ, delivery string)
	PeerReport(state, local, remote, protocol string)
	PeerConnected(took time.Duration)
	// Swapped counts attempts to change what the nodes agree on: Swap… outcomes.
	Swapped(outcome string)
	// RelayedAcross counts signals to peers of other nodes, by what these made of
	// each.
	RelayedAcross(outcome string)
	// Apart counts rooms whose call could not be agreed on with the other nodes.
	Apart(delta int)
}

// Config sets a Service up.
type Config struct {
	MaxParticipants int // of one call; 0: no limit. A mesh costs each peer an upload per other peer
	ParkedBytes     int // of signals that wait for one suspended peer; 0: no limit
	// ICEServers are what a peer is told to use when it joins, and again before they
	// expire, which is in the future. It may be called concurrently and must not block.
	ICEServers func(userID int64) protocol.ICEServers
	// Started, where set, is called when a call that nobody was in gets its first
	// peer, on the room's shard: it must not block.
	Started func(roomID int64, by protocol.User)
	// Ledger has what the nodes agree on. nil, as where the hub is alone: a call is
	// this node's.
	Ledger ledger.Ledger
	Nodes  call.Nodes // says which nodes are dead; nil: none is
	Meter  Meter
	Logger *slog.Logger
}

// Service is the calls of all rooms of this node.
type Service struct {
	// static after construction
	cfg      Config
	hub      *room.Hub
	renewals renewals

	ctx    context.Context // ends with Stop
	cancel context.CancelFunc
	asking sync.WaitGroup

	mu    sync.Mutex
	rooms map[int64]*roomCall // guarded by mu; those with an accord
}

// New makes the service and registers it for the call channel of every room.
func New(cfg Config, hub *room.Hub) *Service {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{cfg: cfg, hub: hub, rooms: make(map[int64]*roomCall)}
	s.renewals.renew = s.renew
	s.ctx, s.cancel = context.WithCancel(context.Background())
	hub.Register(protocol.ChannelCall, s.newRoom)
	return s
}

// channel is that of calls.
const channel = protocol.ChannelCall

// shared reports that calls may be on several nodes.
func (s *Service) shared() bool { return s.cfg.Ledger != nil && !s.hub.Alone() }

// CallState is the state of a room's call, now.
func (s *Service) CallState(ctx context.Context, roomID int64) (protocol.CallState, error) {
	type known struct {
		state protocol.CallState
		is    bool
	}
	here, err := room.Ask(ctx, s.hub, roomID, func(r *room.Room) known {
		if r != nil {
			if c, ok := r.Behavior(channel).(*roomCall); ok && (c.accord == nil || c.accord.version != 0 || c.accord.apart) {
				return known{c.call.State(), true}
			}
		}
		return known{state: idle()}
	})
	if err != nil || here.is || !s.shared() {
		return here.state, err
	}
	return s.storedState(ctx, roomID)
}

// storedState is the state of a call that is on other nodes.
func (s *Service) storedState(ctx context.Context, roomID int64) (protocol.CallState, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	d, err := s.cfg.Ledger.Load(ctx, rosterKey(roomID))
	if err != nil {
		return idle(), protocol.Errorf(protocol.CodeUnavailable, "the state of the call is not known at present")
	}
	r, err := decodeRosterOf(d)
	if err != nil {
		return idle(), err
	}
	c := call.From(call.Config{Boot: s.hub.Boot()}, r)
	now := time.Now()
	for i := range r.Members {
		if m := &r.Members[i]; s.over(m, now) {
			c.Step(call.Disconnect{Session: m.Session, Reason: protocol.LeaveTimeout})
		}
	}
	return c.State(), nil
}

func idle() protocol.CallState {
	return protocol.CallState{Participants: []protocol.CallParticipant{}, RoomState: protocol.CallIdle}
}

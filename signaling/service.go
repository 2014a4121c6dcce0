package signaling

import (
	"context"
	"time"

	"parley/protocol"
	"parley/room"
)

// Meter observes calls. Its methods may be called from any goroutine.
type Meter interface {
	StateChanged(from, to string)
	Peers(delta int)
	Relayed(typ, delivery string)
	PeerReport(state, local, remote, protocol string)
	PeerConnected(took time.Duration)
}

// Config sets a Service up.
type Config struct {
	MaxParticipants int // of one call; 0: no limit. A mesh costs each peer an upload per other peer
	ParkedBytes     int // of signals that wait for one suspended peer; 0: no limit
	// ICEServers are what a peer is told to use when it joins. It may be called
	// concurrently and must not block.
	ICEServers func(userID int64) protocol.ICEServers
	// Started, where set, is called when a call that nobody was in gets its first
	// peer, on the room's shard: it must not block.
	Started func(roomID int64, by protocol.User)
	Meter   Meter
}

// Service is the calls of all rooms of this node.
type Service struct {
	// static after construction
	cfg Config
	hub *room.Hub
}

// New makes the service and registers it for the call channel of every room.
func New(cfg Config, hub *room.Hub) *Service {
	s := &Service{cfg: cfg, hub: hub}
	hub.Register(protocol.ChannelCall, s.newRoom)
	return s
}

// CallState is the state of a room's call, now.
func (s *Service) CallState(ctx context.Context, roomID int64) (protocol.CallState, error) {
	return room.Ask(ctx, s.hub, roomID, func(r *room.Room) protocol.CallState {
		if r != nil {
			if c, ok := r.Behavior(protocol.ChannelCall).(*roomCall); ok {
				return c.call.State()
			}
		}
		return protocol.CallState{Participants: []protocol.CallParticipant{}, RoomState: protocol.CallIdle}
	})
}

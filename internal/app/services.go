package app

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"time"

	"parley/api"
	"parley/api/sockets"
	"parley/auth"
	"parley/edge"
	"parley/internal/build"
	"parley/membership"
	"parley/protocol"
	"parley/ringing"
	"parley/room"
)

// features are what a client may rely on, beyond the contract's first version.
func features() []string {
	return []string{"client_msg_id", "since_seq", "message_edit", "presence", "signal", "resume", "multiplex", "call_invite", "degraded"}
}

// buildServices wires everything between the back ends and the listeners.
func (a *App) buildServices(ctx context.Context) error {
	rooms := a.openRooms()
	inboxes := a.startChat(rooms)
	turn := newTURN(a.cfg.TURN)
	a.makeCalls(inboxes, turn)
	rings := ringing.New(ringing.Config{Logger: a.log, Meter: a.metrics.Calls}, a.store, a.hub)

	origins, err := auth.ParseOrigins(a.cfg.HTTP.AllowedOrigins)
	if err != nil {
		return fmt.Errorf("app: http.allowed_origins: %w", err)
	}
	rest, err := api.New(api.Config{
		BodyBytes: int64(a.limits.BodyBytes), Origins: origins,
		ICEServers: turn.ICEServers, Version: build.Read().Version,
		Log: a.log, Meter: a.metrics.HTTP,
	}, api.Services{
		Auth: a.auth, Rooms: rooms, Chat: a.chat, Calls: a.calls, Rings: rings,
	})
	if err != nil {
		return fmt.Errorf("app: api: %w", err)
	}
	a.onStop("requests", a.awaitRequests)
	gate := sockets.New(sockets.Config{
		Origins: origins, Deflate: channels(a.cfg.Edge.Deflate),
		Refusal: api.Refusal, Logger: a.log, Meter: a.metrics.Gate,
	}, a.auth, rooms, a.hub)
	if err := a.startEdge(gate); err != nil {
		return err
	}
	if err := rings.Start(ctx); err != nil {
		return fmt.Errorf("app: %w", err)
	}
	a.onStop("ringing", rings.Stop)
	mux := http.NewServeMux()
	mux.Handle("/api/", rest)
	mux.Handle(webSockets, a.edge)
	if err := a.addPage(mux); err != nil {
		return fmt.Errorf("app: %w", err)
	}
	a.public = a.newServer(mux)
	return nil
}

// openRooms makes the hub, and who knows the rights to its rooms: these hear of
// each other.
func (a *App) openRooms() *membership.Service {
	a.hub = room.NewHub(room.Config{
		Node: a.node, Boot: a.boot, Alone: a.alone(), Heartbeat: a.cfg.Edge.Heartbeat,
		HoldBytes: a.limits.OutboundBytes, SessionsOfUser: a.limits.SocketsPerUser,
		Resume: room.Resume{
			Window: a.cfg.Edge.ResumeWindow, Frames: a.limits.ResumeFrames,
			Bytes: a.limits.ResumeBytes, NodeBytes: a.limits.ResumeNodeBytes,
		},
		Subscriptions: a.limits.Subscriptions, DrainRate: a.cfg.Drain.Rate,
		Spill: a.cfg.Edge.Spill, Fence: 3 * a.cfg.Edge.HandshakeTimeout, Features: features(),
		Standings: a.store, Ledger: a.ledger, Dead: a.dead,
		Logger: a.log, Meter: a.metrics.Rooms,
	}, a.bus)
	a.auth = a.newAuth()
	rooms := membership.New(a.store, a.hub)
	a.hub.Guard(rooms)
	a.hub.Watch(room.Endings{
		LoggedOut: a.auth.ForgetLogin, ProfileChanged: a.auth.ForgetProfile,
		Removed:     func(roomID, userID int64, _ protocol.LeaveReason) { rooms.ForgetParticipant(roomID, userID) },
		RoomDeleted: rooms.ForgetRoom,
	})
	return rooms
}

func (a *App) newAuth() *auth.Service {
	hashes := a.cfg.Auth.HashConcurrency
	if hashes == 0 {
		hashes = runtime.GOMAXPROCS(0)
	}
	a.metrics.Auth.HashingLimit(hashes)
	return auth.New(auth.Config{
		Argon2: auth.Argon2{
			MemoryKiB: uint32(a.cfg.Auth.Argon2.MemoryKiB),
			Passes:    uint32(a.cfg.Auth.Argon2.Time),
			Lanes:     uint8(a.cfg.Auth.Argon2.Threads),
		},
		HashConcurrency: hashes, HashQueue: a.cfg.Auth.HashQueue,
		TicketTTL: a.cfg.Auth.TicketTTL, Revoker: a.hub, Meter: a.metrics.Auth,
	}, a.store)
}

// webSockets is what the paths of all WebSockets begin with.
const webSockets = "/ws/"

func (a *App) startEdge(gate edge.Gate) error {
	var err error
	a.edge, err = edge.New(edge.Config{
		Shards: a.cfg.Edge.Shards, Path: webSockets, FrameBytes: a.limits.FrameBytes, OutboundBytes: a.limits.OutboundBytes,
		Heartbeat: a.cfg.Edge.Heartbeat, HandshakeTimeout: a.cfg.Edge.HandshakeTimeout,
		CloseTimeout: a.cfg.Edge.CloseTimeout, PerAddress: a.limits.SocketsPerAddress,
		Logger: a.log, Meter: a.metrics.Edge,
	}, gate)
	if err != nil {
		return fmt.Errorf("app: edge: %w", err)
	}
	a.onStop("edge", a.edge.Stop)
	a.onStop("calls", func(ctx context.Context) error {
		err := a.calls.Flush(ctx)
		a.calls.Stop()
		return err
	})
	for _, s := range a.edge.Shards() {
		a.metrics.Edge.Shard(s.ID(), s.Depth)
	}
	a.hub.Start(a.edge.Shards())
	a.calls.Start()
	a.onStop("rooms", func(ctx context.Context) error {
		a.edge.Drain()
		a.hub.Drain()
		err := a.hub.Park(ctx)
		a.hub.Stop()
		return err
	})
	return nil
}

func channels(names []string) []protocol.Channel {
	list := make([]protocol.Channel, 0, len(names))
	for _, name := range names {
		list = append(list, protocol.Channel(name))
	}
	return list
}

func (a *App) newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: a.cfg.HTTP.ReadHeaderTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       a.cfg.HTTP.IdleTimeout,
		ErrorLog:          errorLog(a.log),
	}
}

// readTimeout bounds a whole request; bodies are small.
const readTimeout = 30 * time.Second

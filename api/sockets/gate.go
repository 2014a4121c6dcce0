package sockets

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"parley/auth"
	"parley/edge"
	"parley/protocol"
	"parley/room"
)

// Authenticator says who a token or a ticket stands for.
type Authenticator interface {
	// Recognize does not block; false means nothing.
	Recognize(token string) (auth.Login, bool)
	Authenticate(ctx context.Context, token string) (auth.Identity, error)
	Redeem(ctx context.Context, ticket string) (auth.Identity, error)
}

// Participants says who belongs to which room.
type Participants interface {
	// Remembers does not block; false means nothing.
	Remembers(roomID, userID int64) bool
	IsParticipant(ctx context.Context, roomID, userID int64) (bool, error)
}

// Config sets a Gate up.
type Config struct {
	Origins auth.Origins
	// Deflate lists the channels whose sockets may be compressed.
	Deflate []protocol.Channel
	// Refusal answers a handshake with an HTTP error.
	Refusal func(*protocol.Error) http.Handler
	Logger  *slog.Logger
	Meter   Meter // nil: nobody counts
}

// Gate admits sockets into rooms. It implements edge.Gate.
type Gate struct {
	// static after construction
	cfg   Config
	auth  Authenticator
	rooms Participants
	hub   *room.Hub
}

// New makes a gate to the rooms of hub.
func New(cfg Config, a Authenticator, p Participants, hub *room.Hub) *Gate {
	if cfg.Meter == nil {
		cfg.Meter = nobody{}
	}
	return &Gate{cfg: cfg, auth: a, rooms: p, hub: hub}
}

// AdmitNow implements edge.Gate: it lets in whose token and place in the room
// are remembered, and refuses what needs no look-up to be refused. A ticket is
// spent in the store, and a session that may be on another node asked for.
func (g *Gate) AdmitNow(r *edge.Request) (edge.Admission, bool) {
	checked := time.Now() // before anything is recalled: see Admit
	w, a, ok := g.read(r)
	if !ok {
		return a, true
	}
	if w.credentials.ticket != "" {
		return edge.Admission{}, false
	}
	who, ok := g.auth.Recognize(w.credentials.token)
	if !ok || g.hub.MayBeElsewhere(w.back) || w.roomID != 0 && !g.rooms.Remembers(w.roomID, who.User.ID) {
		return edge.Admission{}, false
	}
	g.cfg.Meter.Lookup(FactLogin, SourceMemory)
	if w.roomID != 0 {
		g.cfg.Meter.Lookup(FactParticipant, SourceMemory)
	}
	return g.hub.Admit(a, w.entry(who, checked)), true
}

// Admit implements edge.Gate. It asks the store for what is not remembered.
func (g *Gate) Admit(ctx context.Context, r *edge.Request) edge.Admission {
	checked := time.Now() // rights that end from here on are caught at the room
	w, a, ok := g.read(r)
	if !ok {
		return a
	}
	who, err := g.identify(ctx, w.credentials)
	if err != nil {
		return g.closed(a, err)
	}
	belongs, err := g.belongs(ctx, w.roomID, who.User.ID)
	if err != nil {
		return g.closed(a, err)
	}
	if !belongs {
		a.Result = "forbidden"
		a.Close = edge.Closure{Code: uint16(protocol.CloseForbidden), Reason: "not a participant"}
		return a
	}
	return g.hub.Admit(a, g.hub.Claim(ctx, w.entry(who, checked)))
}

// wish is what a handshake asks for, and with what right.
type wish struct {
	route
	credentials
	query
}

// read takes a handshake apart. It returns the admission to complete or, with
// false, the one that refuses it.
func (g *Gate) read(r *edge.Request) (wish, edge.Admission, bool) {
	to, ok := parsePath(r.Path)
	if !ok {
		return wish{}, g.refuse("not_found", protocol.Errorf(protocol.CodeNotFound, "no such WebSocket route")), false
	}
	if r.Origin != "" && !g.cfg.Origins.Allows(r.Origin, r.Scheme, r.Host) {
		e := protocol.Errorf(protocol.CodePermissionDenied, "the origin %s is not allowed", r.Origin)
		return wish{}, g.refuse("origin", e), false
	}
	q, err := parseQuery(r.RawQuery)
	if err != nil {
		return wish{}, g.refuse("bad_request", protocol.AsError(err)), false
	}
	a := edge.Admission{Result: "ok", Deflate: slices.Contains(g.cfg.Deflate, to.channel)}
	if slices.Contains(r.Protocols, subprotocol) {
		a.Protocol = subprotocol
	}
	return wish{route: to, credentials: find(r, q), query: q}, a, true
}

func (g *Gate) identify(ctx context.Context, c credentials) (auth.Login, error) {
	ask, secret := g.auth.Redeem, c.ticket
	if c.ticket == "" {
		if who, ok := g.auth.Recognize(c.token); ok {
			g.cfg.Meter.Lookup(FactLogin, SourceMemory)
			return who, nil
		}
		ask, secret = g.auth.Authenticate, c.token
	}
	g.cfg.Meter.Lookup(FactLogin, SourceStore)
	who, err := ask(ctx, secret)
	return auth.Login{TokenID: who.TokenID, User: &who.User}, err
}

// belongs reports whether a user may have the socket. A multiplexed one anybody
// may: the right to a room is checked when it is subscribed to.
func (g *Gate) belongs(ctx context.Context, roomID, userID int64) (bool, error) {
	if roomID == 0 {
		return true, nil
	}
	if g.rooms.Remembers(roomID, userID) {
		g.cfg.Meter.Lookup(FactParticipant, SourceMemory)
		return true, nil
	}
	g.cfg.Meter.Lookup(FactParticipant, SourceStore)
	return g.rooms.IsParticipant(ctx, roomID, userID)
}

// entry is what the hub is told of a wish that is granted.
func (w *wish) entry(who auth.Login, checked time.Time) room.Entry {
	return room.Entry{
		RoomID: w.roomID, Channel: w.channel, User: who.User, TokenID: who.TokenID,
		Since: w.since, Return: w.back, Acks: w.acks, Checked: checked,
	}
}

func (g *Gate) refuse(result string, e *protocol.Error) edge.Admission {
	return edge.Admission{Result: result, Refuse: g.cfg.Refusal(e)}
}

// closed completes an admission that could not be decided in the client's favor.
func (g *Gate) closed(a edge.Admission, err error) edge.Admission {
	a.Result, a.Close.Code, a.Close.Reason = "error", uint16(protocol.CloseInternal), "internal error"
	switch e := protocol.AsError(err); {
	case e.Code == protocol.CodeUnauthenticated:
		a.Result, a.Close.Code, a.Close.Reason = "unauthenticated", uint16(protocol.CloseUnauthenticated), e.Message
	case e.Code == protocol.CodeUnavailable || errors.Is(err, context.DeadlineExceeded):
		a.Close.Code, a.Close.Reason = uint16(protocol.CloseOverloaded), "overloaded"
	case errors.Is(err, context.Canceled): // the client has gone
	default:
		g.cfg.Logger.Error("sockets: handshake failed", "err", err)
	}
	return a
}

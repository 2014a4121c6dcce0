package sockets

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"parley/auth"
	"parley/edge"
	"parley/protocol"
	"parley/room"
)

// Authenticator says who a token or a ticket stands for.
type Authenticator interface {
	Authenticate(ctx context.Context, token string) (auth.Identity, error)
	Redeem(ctx context.Context, ticket string) (auth.Identity, error)
}

// Participants says who belongs to which room.
type Participants interface {
	IsParticipant(ctx context.Context, roomID, userID int64) (bool, error)
}

// Config sets a Gate up.
type Config struct {
	Origins auth.Origins
	// Refusal answers a handshake with an HTTP error.
	Refusal func(*protocol.Error) http.Handler
	Logger  *slog.Logger
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
	return &Gate{cfg: cfg, auth: a, rooms: p, hub: hub}
}

// Admit implements edge.Gate.
func (g *Gate) Admit(ctx context.Context, r *edge.Request) edge.Admission {
	checked := time.Now() // rights that end from here on are caught at the room
	to, ok := parsePath(r.Path)
	if !ok {
		return g.refuse("not_found", protocol.Errorf(protocol.CodeNotFound, "no such WebSocket route"))
	}
	if r.Origin != "" && !g.cfg.Origins.Allows(r.Origin, r.Scheme, r.Host) {
		return g.refuse("origin", protocol.Errorf(protocol.CodePermissionDenied, "the origin %s is not allowed", r.Origin))
	}
	query, err := url.ParseQuery(r.RawQuery)
	if err != nil {
		return g.refuse("bad_request", protocol.Errorf(protocol.CodeValidation, "the query is malformed"))
	}
	since, err := sinceSeq(query)
	if err != nil {
		return g.refuse("bad_request", protocol.AsError(err))
	}

	a := edge.Admission{Result: "ok"}
	if slices.Contains(r.Protocols, subprotocol) {
		a.Protocol = subprotocol
	}
	who, err := g.identify(ctx, find(r, query))
	if err != nil {
		return g.closed(a, err)
	}
	belongs, err := g.rooms.IsParticipant(ctx, to.roomID, who.User.ID)
	if err != nil {
		return g.closed(a, err)
	}
	if !belongs {
		a.Result = "forbidden"
		a.Close = edge.Closure{Code: uint16(protocol.CloseForbidden), Reason: "not a participant"}
		return a
	}
	return g.hub.Admit(a, room.Entry{
		RoomID: to.roomID, Channel: to.channel, User: who.User, TokenID: who.TokenID,
		Since: since, Checked: checked,
	})
}

func (g *Gate) identify(ctx context.Context, c credentials) (auth.Identity, error) {
	if c.ticket != "" {
		return g.auth.Redeem(ctx, c.ticket)
	}
	return g.auth.Authenticate(ctx, c.token)
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

// sinceSeq is -1 where the client does not ask for a replay.
func sinceSeq(query url.Values) (int64, error) {
	if !query.Has("since_seq") {
		return -1, nil
	}
	n, err := strconv.ParseInt(query.Get("since_seq"), 10, 64)
	if err != nil || n < 0 || n >= protocol.MaxID {
		return 0, protocol.Invalid("since_seq", "must be an integer from 0 on")
	}
	return n, nil
}

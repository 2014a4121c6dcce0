package sockets_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api/sockets"
	"parley/auth"
	"parley/cluster"
	"parley/edge"
	"parley/protocol"
	"parley/room"
)

// house is a gate to a hub, with rights of the test's own: user 7 has the token
// "good" and the ticket "once", and is in room 1.
type house struct {
	*sockets.Gate
	log *bytes.Buffer

	asked   []string // what was asked of the authenticator, and in which order
	authErr error
	roomErr error

	recognizes bool     // the good token
	remembers  bool     // user 7 in room 1
	lookups    []lookup // what the meter saw
	known      *protocol.User
}

func open(t *testing.T) *house {
	t.Helper()
	user := ann()
	h := &house{log: &bytes.Buffer{}, known: &user}
	hub := room.NewHub(room.Config{}, cluster.NewMemory().Bus())
	origins, err := auth.ParseOrigins([]string{"https://app.example.com"})
	require.NoError(t, err)
	h.Gate = sockets.New(sockets.Config{
		Origins: origins,
		Deflate: []protocol.Channel{protocol.ChannelChat},
		Refusal: func(e *protocol.Error) http.Handler { return refusal{e} },
		Logger:  slog.New(slog.NewTextHandler(h.log, nil)),
		Meter:   h,
	}, h, h, hub)
	e, err := edge.New(edge.Config{Shards: 2}, h.Gate)
	require.NoError(t, err)
	hub.Start(e.Shards())
	t.Cleanup(func() {
		hub.Stop()
		require.NoError(t, e.Stop(context.Background()))
	})
	return h
}

// refusal is an HTTP answer that shows its error.
type refusal struct{ *protocol.Error }

func (r refusal) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(r.Code.HTTPStatus())
}

func (h *house) Lookup(fact, source string) { h.lookups = append(h.lookups, lookup{fact, source}) }

type lookup struct{ fact, source string }

func (h *house) Recognize(token string) (auth.Login, bool) {
	if !h.recognizes || token != "good" {
		return auth.Login{}, false
	}
	return auth.Login{TokenID: 5, User: h.known}, true
}

func (h *house) Remembers(roomID, userID int64) bool {
	return h.remembers && roomID == 1 && userID == 7
}

func ann() protocol.User { return protocol.User{ID: 7, Username: "ann"} }

func (h *house) Authenticate(_ context.Context, token string) (auth.Identity, error) {
	h.asked = append(h.asked, "token "+token)
	return h.identity(token == "good")
}

func (h *house) Redeem(_ context.Context, ticket string) (auth.Identity, error) {
	h.asked = append(h.asked, "ticket "+ticket)
	return h.identity(ticket == "once")
}

func (h *house) identity(good bool) (auth.Identity, error) {
	switch {
	case h.authErr != nil:
		return auth.Identity{}, h.authErr
	case !good:
		return auth.Identity{}, protocol.Errorf(protocol.CodeUnauthenticated, "the token is not valid")
	}
	return auth.Identity{User: ann(), TokenID: 5}, nil
}

func (h *house) IsParticipant(_ context.Context, roomID, userID int64) (bool, error) {
	return roomID == 1 && userID == 7, h.roomErr
}

// request is a handshake that is let in.
func request() *edge.Request {
	return &edge.Request{
		Scheme: "http", Host: "chat.example.com", Path: "/ws/room/1/", Authorization: "Token good",
	}
}

package nodetest

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// Server is a node without TLS as clients see it. Their requests leave no connection
// behind.
func Server(addr string) client.Server {
	return client.Server{
		Base: "http://" + addr,
		HTTP: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
}

// Town signs up ann and bob, who meet in a room of ann's.
func Town(t testing.TB, s client.Server) (ann, bob *client.User, room protocol.Room) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ann, err := s.Register(ctx, "ann", "correct horse")
	require.NoError(t, err)
	bob, err = s.Register(ctx, "bob", "correct horse")
	require.NoError(t, err)
	room, err = ann.CreateRoom(ctx, "Tea")
	require.NoError(t, err)
	require.NoError(t, bob.JoinRoom(ctx, room.ID))
	return ann, bob, room
}

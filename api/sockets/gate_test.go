package sockets_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api/sockets"
	"parley/edge"
	"parley/protocol"
)

func TestLetIn(t *testing.T) {
	h := open(t)
	for _, change := range []func(r *edge.Request){
		func(*edge.Request) {},
		func(r *edge.Request) { r.Path = "/ws/room/1" },
		func(r *edge.Request) { r.Path = "/ws/chat/1/" },
		func(r *edge.Request) { r.Path = "/ws/call/1" },
		func(r *edge.Request) { r.Path = "/ws/" },
		func(r *edge.Request) { r.RawQuery = "resume=x&received=3&ack=1" },
		func(r *edge.Request) { r.RawQuery = "since_seq=0" },
		func(r *edge.Request) { r.RawQuery = "since_seq=9007199254740991&unknown=x" },
		func(r *edge.Request) { r.Origin = "http://chat.example.com" },
		func(r *edge.Request) { r.Origin = "https://app.example.com" },
	} {
		r := request()
		change(r)
		a := h.Admit(t.Context(), r)
		require.Nil(t, a.Refuse, "%+v", r)
		require.Zero(t, a.Close.Code, "%+v", r)
		require.Equal(t, "ok", a.Result)
		require.NotNil(t, a.Shard)
		require.NotNil(t, a.Open)
		require.Empty(t, a.Protocol, "none was offered")
	}
}

// Compression is for the channels that are named.
func TestCompressionIsByChannel(t *testing.T) {
	h := open(t)
	for path, want := range map[string]bool{"/ws/room/1/": true, "/ws/chat/1": true, "/ws/call/1/": false} {
		r := request()
		r.Path = path
		require.Equal(t, want, h.Admit(t.Context(), r).Deflate, path)
	}
}

// All sockets of a room go to one shard.
func TestShardIsTheRooms(t *testing.T) {
	h := open(t)
	chat := h.Admit(t.Context(), request())
	r := request()
	r.Path = "/ws/call/1/"
	require.Same(t, chat.Shard, h.Admit(t.Context(), r).Shard)
}

func TestRefusedByHTTP(t *testing.T) {
	h := open(t)
	for _, c := range []struct {
		change func(r *edge.Request)
		status int
		result string
	}{
		{func(r *edge.Request) { r.Path = "/ws//" }, http.StatusNotFound, "not_found"},
		{func(r *edge.Request) { r.Path = "/ws/room/" }, http.StatusNotFound, "not_found"},
		{func(r *edge.Request) { r.Path = "/ws/room/x/" }, http.StatusNotFound, "not_found"},
		{func(r *edge.Request) { r.Path = "/ws/room/1//" }, http.StatusNotFound, "not_found"},
		{func(r *edge.Request) { r.Path = "/room/1/" }, http.StatusNotFound, "not_found"},
		{func(r *edge.Request) { r.Path = "/x/ws/room/1/" }, http.StatusNotFound, "not_found"},
		{func(r *edge.Request) { r.Path = "/ws/game/1/" }, http.StatusNotFound, "not_found"},
		{func(r *edge.Request) { r.Origin = "http://evil.example.com" }, http.StatusForbidden, "origin"},
		{func(r *edge.Request) { r.Origin = "https://chat.example.com" }, http.StatusForbidden, "origin"},
		{func(r *edge.Request) { r.Origin = "null" }, http.StatusForbidden, "origin"},
		{func(r *edge.Request) { r.RawQuery = "a=%zz" }, http.StatusBadRequest, "bad_request"},
		{func(r *edge.Request) { r.RawQuery = "since_seq=-1" }, http.StatusBadRequest, "bad_request"},
		{func(r *edge.Request) { r.RawQuery = "received=-1" }, http.StatusBadRequest, "bad_request"},
		{func(r *edge.Request) { r.RawQuery = "received=x" }, http.StatusBadRequest, "bad_request"},
		{func(r *edge.Request) { r.RawQuery = "ack=yes" }, http.StatusBadRequest, "bad_request"},
		{func(r *edge.Request) { r.RawQuery = "since_seq=" }, http.StatusBadRequest, "bad_request"},
		{func(r *edge.Request) { r.RawQuery = "since_seq=9007199254740992" }, http.StatusBadRequest, "bad_request"},
	} {
		r := request()
		c.change(r)
		a := h.Admit(t.Context(), r)
		require.NotNil(t, a.Refuse, "%+v", r)
		require.Equal(t, c.status, a.Refuse.(refusal).Code.HTTPStatus(), "%+v", r)
		require.Equal(t, c.result, a.Result)
	}
	require.Empty(t, h.asked, "nobody's token, and no ticket, was spent on it")
}

func TestClosedAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		change func(h *house, r *edge.Request)
		code   protocol.CloseCode
		result string
		logged bool
	}{
		"no token":      {func(_ *house, r *edge.Request) { r.Authorization = "" }, protocol.CloseUnauthenticated, "unauthenticated", false},
		"a bad token":   {func(_ *house, r *edge.Request) { r.Authorization = "Token x" }, protocol.CloseUnauthenticated, "unauthenticated", false},
		"another room":  {func(_ *house, r *edge.Request) { r.Path = "/ws/room/2/" }, protocol.CloseForbidden, "forbidden", false},
		"store failed":  {func(h *house, _ *edge.Request) { h.authErr = errors.New("disk") }, protocol.CloseInternal, "error", true},
		"rooms failed":  {func(h *house, _ *edge.Request) { h.roomErr = errors.New("disk") }, protocol.CloseInternal, "error", true},
		"store is slow": {func(h *house, _ *edge.Request) { h.roomErr = fmt.Errorf("find: %w", context.DeadlineExceeded) }, protocol.CloseOverloaded, "error", false},
		"client left":   {func(h *house, _ *edge.Request) { h.roomErr = fmt.Errorf("find: %w", context.Canceled) }, protocol.CloseInternal, "error", false},
		"overloaded": {
			func(h *house, _ *edge.Request) { h.authErr = protocol.Errorf(protocol.CodeUnavailable, "busy") },
			protocol.CloseOverloaded, "error", false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, r := open(t), request()
			r.Protocols = []string{"other", "parley.v1"}
			c.change(h, r)
			a := h.Admit(t.Context(), r)
			require.Nil(t, a.Refuse)
			require.Nil(t, a.Open)
			require.EqualValues(t, c.code, a.Close.Code)
			require.Equal(t, c.result, a.Result)
			require.NotContains(t, a.Close.Reason, "disk", "nothing of the inside")
			require.Equal(t, "parley.v1", a.Protocol, "a browser reads the code only if its protocol was chosen")
			require.Equal(t, c.logged, strings.Contains(h.log.String(), "disk"), h.log.String())
		})
	}
}

func TestPathsAreTheRoutes(t *testing.T) {
	h := open(t)
	for _, p := range sockets.Paths() {
		r := request()
		r.Path = strings.Replace(p, "{room_id}", "1", 1)
		require.NotNil(t, h.Admit(t.Context(), r).Open, p)
	}
}

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/protocol"
)

func TestOrigins(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, func(cfg *configs.Config) {
		cfg.HTTP.AllowedOrigins = []string{"https://app.example.com", "https://*.example.org"}
	}), "ann")
	own := c.Base
	for origin, allowed := range map[string]bool{
		"":                                       true, // no browser
		own:                                      true,
		"https://app.example.com":                true,
		"https://app.example.com:443":            true,
		"https://a.example.org":                  true,
		"https://a.b.example.org":                true,
		strings.Replace(own, "http", "https", 1): false,
		"http://127.0.0.1:1":                     false,
		"http://app.example.com":                 false,
		"https://app.example.com.evil.net":       false,
		"https://evilexample.org":                false,
		"https://example.org":                    false,
		"null":                                   false,
		"https://":                               false,
		"nonsense":                               false,
	} {
		header := authorization("Token", c.users[0].Token)
		if origin != "" {
			header.Set("Origin", origin)
		}
		conn, res, err := dialWith(t, c.node, c.socket(""), &websocket.DialOptions{HTTPHeader: header})
		if allowed {
			require.NoError(t, err, "origin %q", origin)
			require.Equal(t, "ann", admitted(t, conn))
			continue
		}
		require.Error(t, err, "origin %q", origin)
		require.Equal(t, http.StatusForbidden, res.StatusCode, "origin %q", origin)
		require.Equal(t, "application/problem+json", res.Header.Get("Content-Type"))
	}
}

func TestRoutesOfSockets(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	id := c.room.ID
	for _, path := range []string{
		fmt.Sprintf("/ws/room/%d/", id), fmt.Sprintf("/ws/room/%d", id),
		fmt.Sprintf("/ws/chat/%d/", id), fmt.Sprintf("/ws/chat/%d", id),
		fmt.Sprintf("/ws/call/%d/", id), fmt.Sprintf("/ws/call/%d", id),
	} {
		conn, _, err := c.dialBare(t, 0, path, nil)
		require.NoError(t, err, path)
		require.Equal(t, "ann", admitted(t, conn), path)
	}
	for _, path := range []string{
		"/ws/rooms/1/", "/ws/room/", "/ws/room/x/", "/ws/room/0/", "/ws/room/-1/", "/ws/room/01/", "/ws/room/+1/",
		"/ws/room/1/2/", "/ws/room/9007199254740992/", "/ws/call/", "/ws/x",
	} {
		_, res, err := c.dialBare(t, 0, path, nil)
		require.Error(t, err, path)
		require.Equal(t, http.StatusNotFound, res.StatusCode, path)
	}
}

func TestAPlainRequestIsToldToUpgrade(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	status, err := c.Do(within(t), c.users[0].Token, http.MethodGet, c.socket(""), nil, nil)
	require.Error(t, err)
	require.Equal(t, http.StatusUpgradeRequired, status)
}

func TestStrangersAreClosed4403(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	stranger := signUp(t, c.Server, "eve")[0]
	for _, path := range []string{
		c.socket(""), fmt.Sprintf("/ws/call/%d/", c.room.ID), "/ws/room/4711/", "/ws/call/4711/",
	} {
		conn, _, err := dialWith(t, c.node, path, &websocket.DialOptions{Subprotocols: pair(stranger.Token)})
		require.NoError(t, err)
		require.EqualValues(t, protocol.CloseForbidden, bareCode(t, conn), path)
		require.Equal(t, "parley.v1", conn.Subprotocol(), path)
	}
	var got protocol.Room
	require.NoError(t, c.users[0].Call(within(t), http.MethodGet, c.path(""), nil, &got))
	require.Equal(t, 1, got.ParticipantCount)
}

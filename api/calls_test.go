package api_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/protocol"
)

func TestCallState(t *testing.T) {
	b := newBench(t)
	token, account := b.user(t, "ada")
	path, _ := b.room(t, token)

	b.calls.state = protocol.CallState{RoomState: protocol.CallIdle}
	a := b.do(t, "GET", path+"call-state/", token, nil)
	require.JSONEq(t, `{"participants":[],"room_state":"idle"}`, a.raw)

	b.calls.state = protocol.CallState{RoomState: protocol.CallActive, Participants: []protocol.CallParticipant{
		{UserID: account.ID, Username: "ada", PeerID: "p1", State: protocol.ParticipantActive},
	}}
	got := as[protocol.CallState](t, b.do(t, "GET", path+"call-state/", token, nil), http.StatusOK)
	require.Equal(t, b.calls.state, got)
}

func TestICEServers(t *testing.T) {
	expires := protocol.At(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	configured := newBench(t, func(c *api.Config, _ *api.Services) {
		c.ICEServers = func(userID int64) protocol.ICEServers {
			return protocol.ICEServers{ExpiresAt: &expires, ICEServers: []protocol.ICEServer{
				{URLs: []string{"stun:stun.example.com"}},
				{URLs: []string{"turn:turn.example.com?transport=tcp"}, Username: fmt.Sprintf("u%d", userID), Credential: "c"},
			}}
		}
	})
	for _, name := range []string{"ada", "bea"} {
		token, account := configured.user(t, name)
		require.JSONEq(t, fmt.Sprintf(`{"ice_servers":[{"urls":["stun:stun.example.com"]},
			{"urls":["turn:turn.example.com?transport=tcp"],"username":"u%d","credential":"c"}],
			"expires_at":"2030-01-02T03:04:05.000Z"}`, account.ID),
			configured.do(t, "GET", "/api/ice-servers/", token, nil).raw)
	}

	none := newBench(t)
	token, _ := none.user(t, "ada")
	require.JSONEq(t, `{"ice_servers":[],"expires_at":null}`, none.do(t, "GET", "/api/ice-servers/", token, nil).raw)
	requireProblem(t, none.do(t, "GET", "/api/ice-servers/", "", nil), protocol.CodeUnauthenticated)
}

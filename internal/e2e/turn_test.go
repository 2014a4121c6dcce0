package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/servers"
	"parley/loadtest/peer"
	"parley/protocol"
)

const turnSecret = "north"

// turning gives a node a TURN server whose credentials end with time.
func turning(addr string, ttl time.Duration) func(*configs.Config) {
	return func(cfg *configs.Config) {
		cfg.TURN = configs.TURN{
			ICEServers: []configs.ICEServer{{URLs: []string{"turn:" + addr + "?transport=udp"}}},
			Secret:     turnSecret, TTL: ttl,
		}
	}
}

func relayOnly(c *peer.Config) {
	c.RelayOnly = true
	c.Settings.SetRelayAcceptanceMinWait(0)
}

// Two peers that do not go directly meet by a TURN server, with what they were told
// when they joined.
func TestPeersMeetByATURNServer(t *testing.T) {
	n := startNode(t, turning(servers.TURN(t, turnSecret), time.Hour))
	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	a, b := enter(t, users[0], room.ID, relayOnly), enter(t, users[1], room.ID, relayOnly)
	talk(t, connect(t, a, b)[0], 10)
}

// REST and the call tell each user credentials of their own, which end when they say.
func TestTURNCredentialsAreTold(t *testing.T) {
	n := startNode(t, turning("turn.example.com:3478", 2*time.Hour))
	_, callers := gather(t, n, "ann", "bob")
	for _, c := range callers {
		before := time.Now()
		var byREST protocol.ICEServers
		require.NoError(t, c.user.Call(within(t), http.MethodGet, "/api/ice-servers/", nil, &byREST))
		joined := c.join(t) // again: the same answer
		for _, got := range []protocol.ICEServers{byREST, {ICEServers: joined.ICEServers, ExpiresAt: joined.ExpiresAt}} {
			require.NotNil(t, got.ExpiresAt)
			require.WithinRange(t, got.ExpiresAt.Time, before.Add(2*time.Hour-time.Second), time.Now().Add(2*time.Hour))
			require.Len(t, got.ICEServers, 1)
			require.Equal(t, fmt.Sprintf("%d:%d", got.ExpiresAt.Unix(), c.id()), got.ICEServers[0].Username)
			require.NotEmpty(t, got.ICEServers[0].Credential)
		}
	}
}

// A peer is told of new credentials before the old ones expire, on its own socket
// and on one for everything.
func TestTURNCredentialsAreRenewed(t *testing.T) {
	n := startNode(t, turning("turn.example.com:3478", 3*time.Second))
	_, callers := gather(t, n, "ann")
	ann := callers[0]
	last := ann.join(t).ExpiresAt
	for range 3 {
		got := await[protocol.ICEServers](t, ann.Socket, protocol.TypeICEServers)
		require.True(t, time.Now().Before(last.Time), "those that were told at %s have expired", last)
		require.True(t, got.ExpiresAt.After(last.Time), "%s is no later than %s", got.ExpiresAt, last)
		last = got.ExpiresAt
	}

	bob := signUp(t, n.Server, "bob")[0]
	room := meet(t, bob)
	k := openAll(t, bob)
	subscribe(t, k, room.ID, protocol.ChannelCall)
	requestIn[protocol.Empty](t, k, protocol.TypeJoinCall, room.ID, nil)
	awaitIn[protocol.ICEServers](t, k, protocol.TypeICEServers, room.ID)
}

// What is told while a socket is lost comes when its session is resumed.
func TestTURNCredentialsWaitForAReturn(t *testing.T) {
	n := startNode(t, turning("turn.example.com:3478", 2*time.Second), resumable(time.Minute))
	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	bob, ann := callSocket(t, users[1], room.ID), away(t, users[0])
	k := tracking(t, ann.User, fmt.Sprintf("/ws/call/%d/", room.ID))
	_, err := k.Request(within(t), protocol.TypeJoinCall, nil)
	require.NoError(t, err)
	ann.proxy.Current().Cut()
	for stateText(await[protocol.CallState](t, bob.Socket, protocol.TypeCallState)) != "connecting: bob connecting, ann suspended" {
	}
	bob.join(t)
	for range 3 { // what is due for ann is due within half of the time, two of bob's at the most
		await[protocol.ICEServers](t, bob.Socket, protocol.TypeICEServers)
	}
	heard := count(frames(k.Streams()), protocol.TypeICEServers)
	w, err := k.Return(within(t))
	require.NoError(t, err)
	require.True(t, w.Resumed)
	require.NoError(t, k.caughtUp(within(t)))
	require.Greater(t, count(frames(k.Streams()), protocol.TypeICEServers), heard)
}

package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// Without Redis each node serves its own, chat is stored and reaches the others from
// there; when it is back all is as before.
func TestNodesWithoutRedis(t *testing.T) {
	t.Parallel()
	c := startCompany(t, 2)
	users := signUp(t, c.nodes[0].Server, "ann", "bob", "cid")
	room := meet(t, users...)
	ann, bob := openChat(t, at(c.nodes[0], users[0]), room.ID, ""), openChat(t, at(c.nodes[0], users[1]), room.ID, "")
	cid := openChat(t, at(c.nodes[1], users[2]), room.ID, "")
	dan, eve := callSocket(t, at(c.nodes[0], users[0]), room.ID), callSocket(t, at(c.nodes[0], users[1]), room.ID)
	dan.join(t)
	c.redis.Kill()
	for _, k := range []*client.Socket{ann, bob, cid, dan.Socket} {
		awaitDegraded(t, k, protocol.ReasonCluster)
	}
	c.alive(t)
	require.Equal(t, http.StatusOK, c.nodes[0].awaitReady(t, `"degraded":true`))

	ref := say(t, ann, "stored all the same")
	awaitMessage(t, bob, ref.ID)
	awaitMessage(t, cid, ref.ID)
	eve.join(t)
	await[protocol.UserJoined](t, dan.Socket, protocol.TypeUserJoined)
	require.Equal(t, protocol.Delivered, request[protocol.Delivery](t, dan.Socket, protocol.TypeOffer, m{"target_user_id": eve.id(), "sdp": "x"}).Delivery)
	late := openChat(t, at(c.nodes[0], users[2]), room.ID, "")
	skipWelcome(t, late)
	awaitDegraded(t, late, protocol.ReasonCluster)

	c.redis.Start()
	for _, k := range []*client.Socket{ann, bob, cid, dan.Socket} {
		awaitDegraded(t, k)
	}
	require.Equal(t, http.StatusOK, c.nodes[0].awaitReady(t, `"degraded":false`))
	require.Eventually(t, func() bool { // what happened on each node meanwhile becomes one again
		var state protocol.CallState
		require.NoError(t, at(c.nodes[1], users[2]).Call(within(t), "GET", fmt.Sprintf("/api/rooms/%d/call-state/", room.ID), nil, &state))
		return state.RoomState == protocol.CallActive
	}, patience, patience/500)
	fay := callSocket(t, at(c.nodes[1], users[2]), room.ID)
	require.Len(t, fay.join(t).Participants, 2, "both nodes know the call again")
	ref = say(t, cid, "and back")
	awaitMessage(t, ann, ref.ID)
}

// Without PostgreSQL messages are refused for the time, and calls go on.
func TestNodesWithoutPostgreSQL(t *testing.T) {
	t.Parallel()
	c := startCompany(t, 2)
	users := signUp(t, c.nodes[0].Server, "ann", "bob")
	room := meet(t, users...)
	ann, bob := openChat(t, at(c.nodes[0], users[0]), room.ID, ""), openChat(t, at(c.nodes[1], users[1]), room.ID, "")
	dan, eve := callSocket(t, at(c.nodes[0], users[0]), room.ID), callSocket(t, at(c.nodes[1], users[1]), room.ID)
	dan.join(t)
	c.postgres.Stop()
	awaitDegraded(t, ann, protocol.ReasonStore)
	awaitDegraded(t, bob, protocol.ReasonStore)
	c.alive(t)
	require.Equal(t, http.StatusServiceUnavailable, c.nodes[0].awaitReady(t, `"ready":false`))
	_, err := ann.Request(within(t), protocol.TypeChatMessage, m{"content": "lost?", "client_msg_id": "a"})
	var refusal *client.FrameError
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, protocol.CodeUnavailable, refusal.Code)
	require.True(t, refusal.Temporary)
	eve.join(t)
	await[protocol.UserJoined](t, dan.Socket, protocol.TypeUserJoined)
	require.Equal(t, protocol.Delivered, request[protocol.Delivery](t, dan.Socket, protocol.TypeOffer, m{"target_user_id": eve.id(), "sdp": "x"}).Delivery)

	c.postgres.Start()
	awaitDegraded(t, ann)
	awaitDegraded(t, bob)
	require.Equal(t, http.StatusOK, c.nodes[0].awaitReady(t, `"ready":true`))
	ref := request[protocol.MessageRef](t, ann, protocol.TypeChatMessage, m{"content": "not lost", "client_msg_id": "a"})
	awaitMessage(t, bob, ref.ID)
	catchUp(t, ann)
}

package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/loadtest/client"
	"parley/protocol"
)

// The members of a room are on three nodes, and notice nothing of it.
func TestNodesAreOneService(t *testing.T) {
	t.Parallel()
	c := startCompany(t, 3, func(cfg *configs.Config) { cfg.Limits.SocketsPerUser = 3 })
	t.Run("chat", c.chats)
	t.Run("calls", c.calls)
	t.Run("endings", c.endings)
	t.Run("returns", c.returns)
	t.Run("watchers", c.watchers)
	t.Run("limits", c.limits)
	t.Run("ringing", c.rings)
}

func (c *company) chats(t *testing.T) {
	users := signUp(t, c.nodes[0].Server, "ann", "bob", "cid")
	room := meet(t, users...)
	ann := openChat(t, at(c.nodes[0], users[0]), room.ID, "")
	require.Empty(t, replayed(t, skipWelcome(t, ann)))
	bob := openChat(t, at(c.nodes[1], users[1]), room.ID, "")
	require.Empty(t, replayed(t, skipWelcome(t, bob)))
	require.Equal(t, users[1].Account.ID, await[protocol.PresenceChange](t, ann, protocol.TypeUserOnline).User.ID)
	for i, k := range []struct{ from, to int }{{0, 1}, {1, 0}, {0, 1}} {
		from, to := ann, bob
		if k.from == 1 {
			from, to = bob, ann
		}
		ref := say(t, from, fmt.Sprint("message ", i))
		require.EqualValues(t, i+1, ref.Seq)
		awaitMessage(t, to, ref.ID)
	}
	catchUp(t, ann)
	ref := say(t, ann, "to be changed")
	request[protocol.Empty](t, ann, protocol.TypeMessageEdit, m{"message_id": ref.ID, "content": "changed"})
	require.Equal(t, "changed", await[protocol.Message](t, bob, protocol.TypeMessageEdit).Content)
	require.NoError(t, ann.Send(within(t), protocol.TypeTyping, nil))
	require.Equal(t, users[0].Account.ID, await[protocol.Typing](t, bob, protocol.TypeTyping).User.ID)

	cid := openChat(t, at(c.nodes[2], users[2]), room.ID, "?since_seq=0")
	messages := replayed(t, skipWelcome(t, cid))
	require.Len(t, messages, 4)
	require.Equal(t, "changed", messages[3].Content)
	require.NoError(t, bob.Close())
	require.Equal(t, users[1].Account.ID, await[protocol.PresenceChange](t, cid, protocol.TypeUserOffline).User.ID)
}

func (c *company) calls(t *testing.T) {
	users := signUp(t, c.nodes[0].Server, "dan", "eve", "fay")
	room := meet(t, users...)
	watch := openChat(t, at(c.nodes[2], users[2]), room.ID, "")
	skipWelcome(t, watch)
	dan := callSocket(t, at(c.nodes[0], users[0]), room.ID)
	require.Empty(t, dan.join(t).Participants)
	eve := callSocket(t, at(c.nodes[1], users[1]), room.ID)
	others := eve.join(t).Participants
	require.Len(t, others, 1)
	require.Equal(t, dan.peerID, others[0].PeerID)
	require.True(t, others[0].Polite, "who came later is polite")
	came := await[protocol.UserJoined](t, dan.Socket, protocol.TypeUserJoined)
	require.Equal(t, eve.peerID, came.PeerID)
	require.False(t, came.Polite)
	for state := (protocol.CallState{}); state.RoomState != protocol.CallActive; {
		state = await[protocol.CallState](t, watch, protocol.TypeCallState)
	}
	ack := request[protocol.Delivery](t, dan.Socket, protocol.TypeOffer, m{"target_peer_id": eve.peerID, "sdp": "v=0\r\n…", "more": 1.50})
	require.Equal(t, protocol.Delivered, ack.Delivery)
	f, err := eve.Await(within(t), protocol.TypeOffer)
	require.NoError(t, err)
	require.Contains(t, string(f.Raw), `"sdp":"v=0\r\n…"`)
	require.Equal(t, protocol.CodePeerNotFound, refused(t, eve.Socket, protocol.TypeAnswer, m{"target_user_id": users[2].Account.ID, "sdp": "x"}))
	again := callSocket(t, at(c.nodes[2], users[1]), room.ID)
	again.join(t)
	require.Equal(t, protocol.CloseReplaced, closeCode(t, eve.Socket))
}

func (c *company) endings(t *testing.T) {
	users := signUp(t, c.nodes[0].Server, "gil", "hal", "ida")
	room := meet(t, users...)
	gil, hal, ida := at(c.nodes[0], users[0]), at(c.nodes[1], users[1]), at(c.nodes[2], users[2])
	out := openChat(t, ida, room.ID, "")
	skipWelcome(t, out)
	require.NoError(t, at(c.nodes[1], ida).Call(within(t), "POST", "/api/auth/logout/", nil, nil))
	require.Equal(t, protocol.CloseUnauthenticated, closeCode(t, out))
	removed := openChat(t, hal, room.ID, "")
	skipWelcome(t, removed)
	path := fmt.Sprintf("/api/rooms/%d/", room.ID)
	require.NoError(t, gil.Call(within(t), "POST", path+"remove-participant/", m{"user_id": hal.Account.ID}, nil))
	require.Equal(t, protocol.CloseForbidden, closeCode(t, removed))
	gone := openChat(t, at(c.nodes[2], gil), room.ID, "")
	skipWelcome(t, gone)
	require.NoError(t, gil.Call(within(t), "DELETE", path, nil, nil))
	require.Equal(t, protocol.CloseRoomDeleted, closeCode(t, gone))
}

// Who loses a socket of one node goes on with another.
func (c *company) returns(t *testing.T) {
	users := signUp(t, c.nodes[0].Server, "jim", "kay")
	room := meet(t, users...)
	path := fmt.Sprintf("/ws/room/%d/", room.ID)
	jim := open(t, at(c.nodes[0], users[0]), path+"?ack=1")
	first := next[protocol.Welcome](t, jim, protocol.TypeWelcome)
	replayed(t, jim)
	kay := openChat(t, at(c.nodes[1], users[1]), room.ID, "")
	skipWelcome(t, kay)
	await[protocol.PresenceChange](t, jim, protocol.TypeUserOnline)
	jim.Cut()
	for i := range 3 {
		say(t, kay, fmt.Sprint("missed ", i))
	}
	jim = open(t, at(c.nodes[2], users[0]), fmt.Sprintf("%s?ack=1&resume=%s&received=2", path, first.ResumeToken))
	second := next[protocol.Welcome](t, jim, protocol.TypeWelcome)
	require.True(t, second.Resumed)
	require.Equal(t, first.ConnectionID, second.ConnectionID)
	require.NotEqual(t, first.Node, second.Node)
	for i := range 3 {
		require.Equal(t, fmt.Sprint("missed ", i), next[protocol.Message](t, jim, protocol.TypeChatMessage).Content)
	}
	require.NoError(t, kay.Send(within(t), protocol.TypePing, nil))
	for f := (client.Frame{}); f.Type != protocol.TypePong; {
		var err error
		f, err = kay.Next(within(t))
		require.NoError(t, err)
		require.NotEqual(t, protocol.TypeUserOffline, f.Type, "jim never left")
	}
}

// Who watches a call from the chat sees it as it is wherever it comes to, whether or
// not that node had to do with the call.
func (c *company) watchers(t *testing.T) {
	users := signUp(t, c.nodes[0].Server, "wes", "xia")
	room := meet(t, users...)
	wes := callSocket(t, at(c.nodes[0], users[0]), room.ID)
	wes.join(t)
	path := fmt.Sprintf("/ws/room/%d/", room.ID)
	xia := open(t, at(c.nodes[1], users[1]), path)
	w := next[protocol.Welcome](t, xia, protocol.TypeWelcome)
	for _, to := range []int{2, 0} {
		xia.Cut()
		xia = open(t, at(c.nodes[to], users[1]), fmt.Sprintf("%s?resume=%s", path, w.ResumeToken))
		w = next[protocol.Welcome](t, xia, protocol.TypeWelcome)
		require.True(t, w.Resumed)
		state := await[protocol.CallState](t, xia, protocol.TypeCallState)
		require.Len(t, state.Participants, 1)
		require.Equal(t, wes.peerID, state.Participants[0].PeerID)
	}
}

func (c *company) limits(t *testing.T) {
	users := signUp(t, c.nodes[0].Server, "lou")
	room := meet(t, users...)
	for i := range 3 {
		skipWelcome(t, openChat(t, at(c.nodes[i], users[0]), room.ID, ""))
	}
	require.Equal(t, protocol.CloseRateLimited, closeCode(t, openChat(t, at(c.nodes[1], users[0]), room.ID, "")))
}

func (c *company) rings(t *testing.T) {
	users := signUp(t, c.nodes[0].Server, "max", "ned")
	room := meet(t, users...)
	max, ned := openChat(t, at(c.nodes[0], users[0]), room.ID, ""), openChat(t, at(c.nodes[1], users[1]), room.ID, "")
	skipWelcome(t, max)
	skipWelcome(t, ned)
	inv := request[protocol.Invited](t, max, protocol.TypeCallInvite, nil)
	require.Equal(t, inv.InviteID, await[protocol.IncomingCall](t, ned, protocol.TypeIncomingCall).InviteID)
	request[protocol.Empty](t, ned, protocol.TypeCallAccept, m{"invite_id": inv.InviteID})
	require.Equal(t, users[1].Account.ID, await[protocol.InviteAnswer](t, max, protocol.TypeCallAccept).User.ID)
}

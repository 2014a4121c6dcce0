package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/loadtest/peer"
	"parley/protocol"
)

// inCall starts a node with a call of users in one room.
func inCall(t *testing.T, names ...string) (n *node, room protocol.Room, peers []*peer.Peer, logs []*transcript) {
	t.Helper()
	n = startNode(t, resumable(shortWindow), func(c *configs.Config) { c.Calls.MaxParticipants = len(names) })
	users := signUp(t, n.Server, names...)
	room = meet(t, users...)
	for _, u := range users {
		l := newTranscript()
		peers, logs = append(peers, enter(t, u, room.ID, withMedia, observed(l))), append(logs, l)
	}
	connect(t, peers...)
	return n, room, peers, logs
}

// A peer whose signaling socket is cut without a word is told of as timed out,
// and the others hang up on it alone.
func TestPeerVanishes(t *testing.T) {
	_, room, peers, logs := inCall(t, "ann", "bob", "cid")
	ann, bob, cid := peers[0], peers[1], peers[2]
	lost := []*peer.Link{linkTo(t, ann, bob), linkTo(t, cid, bob)}
	bob.Cut()
	for _, l := range lost {
		require.Equal(t, protocol.LeaveTimeout, ended(t, l))
	}
	require.Equal(t, "active: ann active, cid active", stateText(restState(t, ann.User(), room.ID)))
	talk(t, connect(t, ann, cid)[0], 100)
	require.Equal(t, 1, logs[0].count(protocol.TypeUserLeft))
}

func TestPeerIsRemovedInACall(t *testing.T) {
	_, room, peers, _ := inCall(t, "ann", "bob", "cid")
	ann, bob, cid := peers[0], peers[1], peers[2]
	lost := []*peer.Link{linkTo(t, ann, bob), linkTo(t, cid, bob)}
	own := bob.Links()
	require.NoError(t, ann.User().Call(within(t), http.MethodPost,
		"/api/rooms/"+idText(room.ID)+"/remove-participant/", map[string]string{"username": "bob"}, nil))
	require.Equal(t, protocol.CloseForbidden, closeCode(t, bob.Socket()))
	for _, l := range lost {
		require.Equal(t, protocol.LeaveRemoved, ended(t, l))
	}
	for _, l := range own {
		require.Empty(t, ended(t, l))
	}
	hear(t, connect(t, ann, cid)[0], 5)

	_, err := peer.Join(within(t), bob.User(), room.ID, peer.Config{Settings: peer.Loopback()})
	require.Error(t, err, "he does not get back in")
}

func TestPeerLogsOutInACall(t *testing.T) {
	_, _, peers, _ := inCall(t, "ann", "bob")
	ann, bob := peers[0], peers[1]
	lost := linkTo(t, ann, bob)
	require.NoError(t, bob.User().Call(within(t), http.MethodPost, "/api/auth/logout/", nil, nil))
	require.Equal(t, protocol.CloseUnauthenticated, closeCode(t, bob.Socket()))
	require.Equal(t, protocol.LeaveLogout, ended(t, lost))
}

func TestRoomIsDeletedInACall(t *testing.T) {
	_, room, peers, _ := inCall(t, "ann", "bob")
	links := connect(t, peers...)[0]
	require.NoError(t, peers[0].User().Call(within(t), http.MethodDelete, "/api/rooms/"+idText(room.ID)+"/", nil, nil))
	for i, p := range peers {
		require.Equal(t, protocol.CloseRoomDeleted, closeCode(t, p.Socket()))
		ended(t, links[i])
	}
}

func TestFullCallRefusesAPeer(t *testing.T) {
	n, room, peers, _ := inCall(t, "ann", "bob")
	eve := signUp(t, n.Server, "eve")[0]
	require.NoError(t, eve.JoinRoom(within(t), room.ID))
	_, err := peer.Join(within(t), eve, room.ID, peer.Config{Settings: peer.Loopback()})
	require.ErrorContains(t, err, string(protocol.CodeRoomFull))
	talk(t, connect(t, peers...)[0], 10)
}

// A node that stops is no reason to hang up: the sockets are told to come back,
// nobody is said to have left, and audio, video and data go on between the peers.
func TestCallOutlivesTheNode(t *testing.T) {
	n, _, peers, logs := inCall(t, "ann", "bob", "cid")
	pairs := connect(t, peers...)
	n.stop(t)
	for i, p := range peers {
		require.Equal(t, protocol.CloseRestart, closeCode(t, p.Socket()))
		logs[i].await(t, protocol.TypeReconnect, 1)
		require.Zero(t, logs[i].count(protocol.TypeUserLeft), "a restart is not a leave")
	}
	for _, pair := range pairs {
		talk(t, pair, 100)
		hear(t, pair, 20)
	}
}

// A peer that has lost its own socket hears of nothing, and goes on until the
// other side hangs up.
func TestPeerWithoutSocketKeepsItsLinks(t *testing.T) {
	_, _, peers, _ := inCall(t, "ann", "bob")
	pair := connect(t, peers...)[0]
	peers[0].Cut()
	require.Equal(t, protocol.LeaveTimeout, ended(t, pair[1]))
	require.Len(t, peers[0].Links(), 1)
}

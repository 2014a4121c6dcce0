package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// The whole mission on one node: two users sign up, meet, chat, call each other
// and hang up, and all their sockets see how the call goes.
func TestTwoPeersCallEachOther(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	chat := watch(t, users[1], room.ID)
	require.Equal(t, "idle", stateText(restState(t, users[0], room.ID)))
	onChat, onAnn, onBob := follow(t, chat), newTranscript(), newTranscript()

	ann := enter(t, users[0], room.ID, withMedia, observed(onAnn))
	bob := enter(t, users[1], room.ID, withMedia, observed(onBob))
	pair := connect(t, ann, bob)[0]
	require.NotEqual(t, pair[0].Polite(), pair[1].Polite())
	require.Equal(t, [2]int{1, 0}, [2]int{pair[0].Status().Offers, pair[1].Status().Offers}, "who was there first offers")
	talk(t, pair, 1000)
	hear(t, pair, 50)
	require.Positive(t, onBob.count(protocol.TypeICECandidate), "candidates are trickled")
	require.Positive(t, onAnn.count(protocol.TypeICECandidate), "candidates are trickled")

	require.NoError(t, bob.Leave(within(t)))
	require.Equal(t, protocol.LeaveLeft, ended(t, pair[0]))
	bob.Close()
	require.NoError(t, ann.Leave(within(t)))
	onAnn.await(t, protocol.TypeCallState, 7)
	ann.Close()

	whole := []protocol.CallRoomState{
		protocol.CallConnecting, protocol.CallActive, protocol.CallConnecting, protocol.CallEnded, protocol.CallIdle,
	}
	onChat.await(t, protocol.TypeCallState, 7)
	require.Equal(t, whole, onChat.states())
	require.Equal(t, whole, onAnn.states())
	require.Zero(t, onAnn.count(protocol.TypeError)+onBob.count(protocol.TypeError))
	require.Equal(t, "idle", stateText(restState(t, users[0], room.ID)))
}

func TestPeersReportTheirConnections(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	ann, bob := enter(t, users[0], room.ID), enter(t, users[1], room.ID)
	connect(t, ann, bob)
	const connected = `parley_peer_reports_total{local="host",protocol="udp",remote="host",state="connected"}`
	require.Eventually(t, func() bool { // the report is on its way when the peer is connected
		m := scrape(t, n.AdminURL())
		return m[connected]+m[`parley_peer_reports_total{local="host",protocol="udp",remote="prflx",state="connected"}`]+
			m[`parley_peer_reports_total{local="prflx",protocol="udp",remote="host",state="connected"}`] == 2 &&
			m["parley_peer_connect_seconds_count"] == 2
	}, patience, patience/1000)
	m := scrape(t, n.AdminURL())
	require.Equal(t, 1.0, m.value(t, `parley_calls{state="active"}`))
	require.Equal(t, 2.0, m.value(t, `parley_call_peers`))
	require.Equal(t, 1.0, m.value(t, `parley_relays_total{delivery="delivered",type="offer"}`))
	require.Equal(t, 1.0, m.value(t, `parley_relays_total{delivery="delivered",type="answer"}`))
}

func TestThreePeersFormAMesh(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob", "cid")
	room := meet(t, users...)
	ann := enter(t, users[0], room.ID, withMedia)
	bob := enter(t, users[1], room.ID, withMedia)
	cid := enter(t, users[2], room.ID, withMedia)
	pairs := connect(t, ann, bob, cid)
	require.Len(t, pairs, 3)
	for _, pair := range pairs {
		talk(t, pair, 100)
		hear(t, pair, 10)
	}
	bob.Close()
	require.Equal(t, protocol.LeaveLeft, ended(t, pairs[0][0]))
	require.Equal(t, protocol.LeaveLeft, ended(t, pairs[2][1]))
	talk(t, pairs[1], 100)
	require.Len(t, ann.Links(), 1)
	require.Len(t, cid.Links(), 1)

	again := enter(t, users[1], room.ID)
	for _, pair := range connect(t, ann, again, cid) {
		talk(t, pair, 10)
	}
}

func TestPeerReturnsOnANewDevice(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	ann, laptop := enter(t, users[0], room.ID), enter(t, users[1], room.ID)
	old := connect(t, ann, laptop)[0]
	phone := enter(t, users[1], room.ID)
	require.Equal(t, protocol.LeaveReplaced, ended(t, old[0]))
	require.Empty(t, ended(t, old[1]), "the replaced peer hangs up itself")
	require.Equal(t, protocol.CloseReplaced, closeCode(t, laptop.Socket()))
	pair := connect(t, ann, phone)[0]
	require.Equal(t, phone.ID(), pair[0].PeerID())
	talk(t, pair, 10)
}

package e2e

import (
	"testing"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"parley/loadtest/peer"
)

// negotiated waits until both ends have negotiated n offers more, whoever made them,
// and are connected.
func negotiated(t *testing.T, pair [2]*peer.Link, was [2]peer.Status, offers int) {
	t.Helper()
	for i, l := range pair {
		require.NoError(t, l.Await(within(t), func(s peer.Status) bool {
			done := s.Answers - was[i].Answers
			return done >= offers && s.Connection == webrtc.PeerConnectionStateConnected
		}), "end %d", i)
	}
}

func statusOf(pair [2]*peer.Link) [2]peer.Status {
	return [2]peer.Status{pair[0].Status(), pair[1].Status()}
}

// Both sides offer to each other as soon as they meet: the offers cross on the
// wire, the impolite peer's stands, and they connect all the same.
func TestGlareAtTheFirstOffer(t *testing.T) {
	const rounds = 15
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	collisions := 0
	for range rounds {
		ann := enter(t, users[0], room.ID, eagerly, withMedia)
		bob := enter(t, users[1], room.ID, eagerly, withMedia)
		pair := connect(t, ann, bob)[0]
		talk(t, pair, 10)
		for _, l := range pair {
			s := l.Status()
			if l.Polite() {
				require.Zero(t, s.Ignored, "a polite peer ignores no offer")
			} else {
				require.Zero(t, s.Yielded, "an impolite peer gives up none")
				collisions += s.Ignored
			}
		}
		bob.Close()
		ann.Close()
	}
	t.Logf("%d collisions in %d calls", collisions, rounds)
	require.Positive(t, collisions, "this test makes none of what it is about")
}

// Both sides offer again and again, at the same time, over a connection that is
// in use. Every wish of either is fulfilled in the end.
func TestGlareInALiveCall(t *testing.T) {
	const rounds = 50
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	ann, bob := enter(t, users[0], room.ID, withMedia), enter(t, users[1], room.ID, withMedia)
	pair := connect(t, ann, bob)[0]
	for range rounds {
		was := statusOf(pair)
		pair[0].Renegotiate()
		pair[1].Renegotiate()
		negotiated(t, pair, was, 1)
	}
	talk(t, pair, 100)
	hear(t, pair, 5)
	impolite, polite := pair[0].Status(), pair[1].Status()
	if pair[0].Polite() {
		impolite, polite = polite, impolite
	}
	t.Logf("%d offers ignored, %d given up", impolite.Ignored, polite.Yielded)
	require.Positive(t, polite.Yielded, "this test makes none of what it is about")
	require.Equal(t, polite.Yielded, impolite.Ignored, "each collision is seen by both")
	require.Zero(t, polite.Ignored+impolite.Yielded)
	require.Zero(t, polite.Restarts+impolite.Restarts)
}

// ICE restarts over the signaling sockets that are open already: from either
// side, and from both at once.
func TestICERestart(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	ann, bob := enter(t, users[0], room.ID, withMedia), enter(t, users[1], room.ID, withMedia)
	pair := connect(t, ann, bob)[0]
	for name, who := range map[string][]*peer.Link{
		"the impolite": {pair[0]}, "the polite": {pair[1]}, "both": {pair[0], pair[1]},
	} {
		for range 5 {
			was := statusOf(pair)
			for _, l := range who {
				l.Restart()
			}
			for i, l := range pair {
				require.NoError(t, l.Await(within(t), func(s peer.Status) bool {
					return s.Restarts > was[i].Restarts && s.Connection == webrtc.PeerConnectionStateConnected
				}), name)
			}
			talk(t, pair, 10)
			hear(t, pair, 2)
		}
	}
	require.True(t, pair[0].PeerID() == bob.ID() && pair[1].PeerID() == ann.ID(), "they are the same peers")
}

// A restart that one side wants while the other only renegotiates must not be
// lost, whichever of the two offers stands.
func TestICERestartAmidGlare(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	ann, bob := enter(t, users[0], room.ID), enter(t, users[1], room.ID)
	pair := connect(t, ann, bob)[0]
	for round := range 20 {
		was := statusOf(pair)
		pair[round%2].Restart()
		pair[1-round%2].Renegotiate()
		for i, l := range pair {
			require.NoError(t, l.Await(within(t), func(s peer.Status) bool {
				return s.Restarts > was[i].Restarts && s.Connection == webrtc.PeerConnectionStateConnected
			}), "round %d", round)
		}
		talk(t, pair, 10)
	}
}

// A call begins with data alone; audio and video come later, from one side, then
// from the other, and from both at once.
func TestMediaIsAddedInACall(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob", "cid")
	room := meet(t, users...)
	ann, bob := enter(t, users[0], room.ID), enter(t, users[1], room.ID)
	pair := connect(t, ann, bob)[0]
	talk(t, pair, 10)
	require.Zero(t, pair[0].Status().Audio+pair[1].Status().Audio)

	bob.StartMedia()
	bob.StartMedia()
	require.NoError(t, pair[0].Await(within(t), func(s peer.Status) bool { return s.Audio > 5 && s.Video > 5 }))
	require.Zero(t, pair[1].Status().Audio, "one-way so far")
	ann.StartMedia()
	hear(t, pair, 5)

	cid := enter(t, users[2], room.ID)
	connect(t, ann, bob, cid)
	cid.StartMedia()
	for _, pair := range connect(t, ann, bob, cid) {
		hear(t, pair, 5)
	}
}

package signaling_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/protocol"
	"parley/room"
	"parley/signaling"
)

// shortly is how long an issuer's credentials are good for.
const shortly = 400 * time.Millisecond

// issuer gives each user credentials that are counted.
type issuer struct {
	mu     sync.Mutex
	issued map[int64]int // guarded by mu; by user
}

func newIssuer() *issuer { return &issuer{issued: make(map[int64]int)} }

func (i *issuer) iceServers(userID int64) protocol.ICEServers {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.issued[userID]++
	at := protocol.At(time.Now().Add(shortly))
	return protocol.ICEServers{ExpiresAt: &at, ICEServers: []protocol.ICEServer{{
		URLs: []string{"turn:turn.example.com"}, Username: fmt.Sprintf("user%d", userID), Credential: strconv.Itoa(i.issued[userID]),
	}}}
}

func (i *issuer) count(userID int64) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.issued[userID]
}

// renewed reads on to the next ice_servers and returns the number of what it has.
func (k *socket) renewed(t *testing.T, userID int64) int {
	t.Helper()
	var ice protocol.ICEServers
	require.NoError(t, json.Unmarshal(k.await(t, protocol.TypeICEServers), &ice))
	require.NotNil(t, ice.ExpiresAt)
	require.Len(t, ice.ICEServers, 1)
	require.Equal(t, fmt.Sprintf("user%d", userID), ice.ICEServers[0].Username)
	n, err := strconv.Atoi(ice.ICEServers[0].Credential)
	require.NoError(t, err)
	return n
}

// untold requires that up to now a socket was told of no ICE servers.
func (k *socket) untold(t *testing.T) {
	t.Helper()
	k.send(t, `{"type":"ping","id":"p"}`)
	for _, heard := range k.upTo(t, protocol.TypePong) {
		require.False(t, strings.HasPrefix(heard, "ice_servers"), heard)
	}
}

// A peer is told of new ICE servers again and again, as long as it is in the call:
// each of its own, and nobody else.
func TestPeersAreToldOfNewICEServers(t *testing.T) {
	from := newIssuer()
	n := start(t, signaling.Config{ICEServers: from.iceServers})
	ann, bob, carol, dan := n.open(t, 1), n.open(t, 2), n.open(t, 3), n.open(t, 4)
	ann.join(t)
	bob.join(t)
	dan.join(t)
	require.Equal(t, 2, ann.renewed(t, 1), "joining was told the first")
	require.Equal(t, 2, bob.renewed(t, 2))
	dan.send(t, `{"type":"leave_call","id":"l"}`)
	dan.answer(t, "l")
	left := from.count(4)
	for i := range 4 {
		require.Equal(t, i+3, ann.renewed(t, 1))
	}
	carol.untold(t) // has not joined
	dan.untold(t)
	require.Equal(t, left, from.count(4), "what was due was due before ann's second")
}

// What a peer is told while its socket is lost, it hears when it is back.
func TestNewICEServersWaitForAPeerThatIsAway(t *testing.T) {
	from := newIssuer()
	bus := cluster.NewMemory().Bus()
	t.Cleanup(func() { require.NoError(t, bus.Close()) })
	n := startOn(t, signaling.Config{ICEServers: from.iceServers}, room.Config{
		Node: "n", Resume: room.Resume{Window: time.Minute, Frames: 100, Bytes: 1 << 20, NodeBytes: 1 << 24},
	}, bus)
	bob, w := n.welcomed(t, 2, "")
	bob.join(t)
	require.NoError(t, bob.conn.CloseNow())
	n.standsAs(t, "user2:suspended")
	had := from.count(2)
	require.Eventually(t, func() bool { return from.count(2) > had }, patience, time.Millisecond)
	away := from.count(2)
	bob, w = n.welcomed(t, 2, w.ResumeToken)
	require.True(t, w.Resumed)
	require.LessOrEqual(t, bob.renewed(t, 2), away, "what it was told meanwhile comes first")
	for bob.renewed(t, 2) <= away { // and then it goes on
	}
}

// A peer that moves to another node is told there, at once if it missed its time.
func TestRenewalsMoveWithTheirPeers(t *testing.T) {
	from := newIssuer()
	ns := startNodesKeeping(t, signaling.Config{ICEServers: from.iceServers},
		room.Resume{Window: time.Minute, Frames: 100, Bytes: 1 << 20, NodeBytes: 1 << 24})
	bob, w := ns.all[1].welcomed(t, 2, "")
	bob.join(t)
	require.NoError(t, bob.conn.CloseNow())
	ns.all[0].standsAs(t, "user2:suspended")
	bob, w = ns.all[2].welcomed(t, 2, w.ResumeToken)
	require.True(t, w.Resumed)
	ns.all[1].shows(t, " user2:active")
	moved := from.count(2)
	for bob.renewed(t, 2) < moved+3 { // what it is told from here on, its new node tells
	}
}

package signaling_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
	"parley/signaling"
)

// welcomed is a socket whose welcome was read.
func (n *node) welcomed(t *testing.T, userID int64, token string) (*socket, protocol.Welcome) {
	t.Helper()
	k := n.dial(t, userID, token)
	var w protocol.Welcome
	require.NoError(t, json.Unmarshal(k.await(t, protocol.TypeWelcome), &w))
	return k, w
}

// standsAs waits until a user is shown so, as in user1:active.
func (n *node) standsAs(t *testing.T, want string) {
	t.Helper()
	require.Eventually(t, func() bool {
		return slices.ContainsFunc(states(n.state(t).Participants), func(s string) bool {
			return strings.HasPrefix(s, want)
		})
	}, patience, time.Millisecond, want)
}

// What waited for a peer when it was packed goes with it, and is not sent after it
// by the node that it left.
func TestSignalsAreNotDoubledByAMove(t *testing.T) {
	ns := startNodesKeeping(t, signaling.Config{}, room.Resume{Window: time.Minute, Frames: 100, Bytes: 1 << 20, NodeBytes: 1 << 24})
	bob, w := ns.all[1].welcomed(t, 2, "")
	bob.join(t)
	ann, carol := ns.all[0].open(t, 1), ns.all[1].open(t, 3)
	ann.join(t)
	carol.join(t)
	ns.all[0].shows(t, " user1:active user2:active user3:active")
	ns.all[1].shows(t, " user1:active user2:active user3:active")
	require.NoError(t, bob.conn.CloseNow())
	ns.all[0].standsAs(t, "user2:suspended")
	require.Equal(t, queued(0), carol.relay(t, "signal", 2, 1))
	require.Equal(t, queued(0), ann.relay(t, "signal", 2, 2))

	bob, w = ns.all[2].welcomed(t, 2, w.ResumeToken)
	require.True(t, w.Resumed)
	for _, m := range ns.all {
		m.shows(t, " user1:active user2:active user3:active")
	}
	ann.relay(t, "signal", 2, 3)
	carol.relay(t, "answer", 2, 4)
	var signals []string
	for _, f := range bob.upTo(t, protocol.TypeAnswer) {
		if strings.HasPrefix(f, "signal ") {
			signals = append(signals, f)
		}
	}
	require.Equal(t, []string{"signal n=1 epoch=0", "signal n=2 epoch=0", "signal n=3 epoch=0"}, signals)
}

// A peer that is on its way from the only socket of its node is not missed: whoever
// writes to it there is told that it will be had.
func TestAPeerOnItsWayIsNotMissed(t *testing.T) {
	for _, users := range [][]int64{{1, 2, 3}, {1, 2, 3, 4, 5}} { // the last at the same node
		ns := startNodes(t, signaling.Config{})
		k := ns.meet(t, users...)
		conn := ""
		ns.all[1].suspend(t, 2, inTheEvening())
		ns.all[0].standsAs(t, "user2:suspended")
		ns.all[1].on(t, 2, func(_ resumer, s *room.Session) {
			conn = s.ConnectionID()
			s.Close(protocol.CloseRestart, "moved", protocol.LeaveMoved)
		})
		k[1].closedWith(t)
		require.Equal(t, queued(0), k[0].relay(t, "signal", 2, 1))
		for _, m := range ns.all {
			m.calls.Sweep(t.Context())
			require.NoError(t, m.calls.Flush(t.Context()))
			m.standsAs(t, "user2:suspended")
		}
		bob := ns.all[2].openInstead(t, 2, conn)
		bob.send(t, `{"type":"join_call","id":"j"}`)
		require.Contains(t, bob.upTo(t, protocol.TypeSignal), "signal n=1 epoch=0")
		ns.all[0].standsAs(t, "user2:active")
	}
}

// A peer is not read from while too much of it is under way, and all is answered.
func TestWhatIsUnderWayIsBounded(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	ns.all[1].bus.SetShare(1)
	const sent = 150
	for i := range sent {
		k[0].send(t, fmt.Sprintf(`{"type":"signal","id":"%d","data":{"target_user_id":2}}`, i))
	}
	typ, _ := k[0].answer(t, "0")
	require.Equal(t, protocol.TypeError, typ)
	require.LessOrEqual(t, ns.all[0].meter.counted("across timeout"), 64)
	ns.all[1].bus.SetShare(0)
	k[0].answer(t, fmt.Sprint(sent-1))
}

// A session that takes the place of one that could not be packed gets what waited for
// that, whosever it is.
func TestWhatWaitsGoesToASuccessor(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2, 3, 4, 5) // the last at the same node
	conn := ""
	ns.all[1].on(t, 2, func(_ resumer, s *room.Session) { conn = s.ConnectionID() })
	ns.all[1].suspend(t, 2, inTheEvening())
	ns.all[0].standsAs(t, "user2:suspended")
	require.Equal(t, queued(0), k[0].relay(t, "signal", 2, 1))
	require.Equal(t, queued(0), k[4].relay(t, "signal", 2, 2))
	bob := ns.all[2].openInstead(t, 2, conn)
	bob.send(t, `{"type":"join_call","id":"j"}`)
	heard := append(bob.upTo(t, protocol.TypeSignal), bob.upTo(t, protocol.TypeSignal)...)
	require.Subset(t, heard, []string{"signal n=1 epoch=0", "signal n=2 epoch=0"})
	require.Less(t, slices.Index(heard, "call_joined n=0 epoch=0"), slices.Index(heard, "signal n=1 epoch=0"))
}

// A client that comes without its session is nobody's successor unless it joins: it may
// not want to be in the call any more, and nobody else would end its part.
func TestWhoDoesNotJoinIsNoSuccessor(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	conn := ""
	ns.all[1].on(t, 2, func(_ resumer, s *room.Session) { conn = s.ConnectionID() })
	ns.all[1].suspend(t, 2, inTheEvening())
	bob := ns.all[2].openInstead(t, 2, conn)
	ns.all[0].shows(t, " user1:active user2:suspended until 2030-01-02T20:00:00.005Z")
	ns.all[1].on(t, 2, func(_ resumer, s *room.Session) {
		s.Close(protocol.CloseRestart, "away for too long", protocol.LeaveTimeout)
	})
	_, why := k[0].left(t)
	require.Equal(t, protocol.LeaveTimeout, why)
	ns.all[2].shows(t, " user1:active user2:connecting")
	bob.join(t)
	ns.all[2].shows(t, " user1:active user2:active")
}

// Whoever joined or left at a node that is cut off, and goes on at another, does not
// stand there as it believes: it has to begin afresh.
func TestWhoComesFromANodeThatIsCutOffBeginsAfresh(t *testing.T) {
	for _, joined := range []bool{false, true} {
		ns := startNodesKeeping(t, signaling.Config{}, room.Resume{Window: time.Minute, Frames: 100, Bytes: 1 << 20, NodeBytes: 1 << 24})
		bob, w := ns.all[1].welcomed(t, 2, "")
		if joined {
			bob.join(t)
		}
		ns.all[0].open(t, 1).join(t)
		ns.all[0].standsAs(t, "user2:")
		ns.all[1].book.cut(true)
		if joined {
			bob.send(t, `{"type":"leave_call","id":"l"}`)
			bob.await(t, protocol.TypeAck)
		} else {
			bob.join(t)
		}
		require.NoError(t, bob.conn.CloseNow())
		bob, w = ns.all[2].welcomed(t, 2, w.ResumeToken)
		require.True(t, w.Resumed)
		require.Equal(t, protocol.CloseRestart, bob.closedWith(t))
		ns.all[0].shows(t, " user1:active")
		ns.all[1].book.cut(false)
	}
}

package signaling_test

import (
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

// separated are nodes of which the second has died while its user, bob, was away, and
// whose first has something of ann's that waits for bob.
type separated struct {
	*nodes
	t        *testing.T
	ann      *socket
	annToken string
	bobToken string
}

func separate(t *testing.T) *separated {
	t.Helper()
	x := &separated{t: t, nodes: startNodesKeeping(t, signaling.Config{}, room.Resume{Window: time.Minute, Frames: 100, Bytes: 1 << 20, NodeBytes: 1 << 24})}
	ann, annIs := x.all[0].welcomed(t, 1, "")
	bob, bobIs := x.all[1].welcomed(t, 2, "")
	x.ann, x.annToken, x.bobToken = ann, annIs.ResumeToken, bobIs.ResumeToken
	ann.join(t)
	bob.join(t)
	x.all[2].meetsNobody(t, 3)
	require.NoError(t, bob.conn.CloseNow())
	x.all[0].standsAs(t, "user2:suspended")
	x.die(x.all[1], true)
	require.Equal(t, queued(0), ann.relay(t, "signal", 2, 1))
	require.Equal(t, queued(1), ann.relay(t, "offer", 2, 2))
	require.Equal(t, queued(1), ann.relay(t, "ice_candidate", 2, 3))
	require.Equal(t, queued(0), ann.relay(t, "signal", 2, 4))
	return x
}

// meetsNobody has a node know the call, of which a user there takes no part.
func (m *member) meetsNobody(t *testing.T, userID int64) {
	t.Helper()
	m.open(t, userID)
	m.standsAs(t, "user1:active")
	m.standsAs(t, "user2:active")
}

// annLeaves has ann lose her socket.
func (x *separated) annLeaves() {
	x.t.Helper()
	require.NoError(x.t, x.ann.conn.CloseNow())
	x.all[2].standsAs(x.t, "user1:suspended")
}

// annArrives has ann go on, on the third node.
func (x *separated) annArrives() {
	x.t.Helper()
	ann, w := x.all[2].welcomed(x.t, 1, x.annToken)
	require.True(x.t, w.Resumed)
	x.ann = ann
	x.all[2].standsAs(x.t, "user1:active")
}

// fromAnn are the next frames of hers that somebody hears.
func (x *separated) fromAnn(k *socket, most int) (heard []string) {
	x.t.Helper()
	for len(heard) < most {
		for _, f := range k.upTo(x.t, protocol.TypeSignal) {
			if strings.Contains(f, " n=") && !strings.Contains(f, " n=0 ") {
				heard = append(heard, f)
			}
		}
	}
	return heard
}

var sentByAnn = []string{"signal n=1 epoch=0", "offer n=2 epoch=1", "ice_candidate n=3 epoch=1", "signal n=4 epoch=0"}

// What waits at a node for a peer that is on its way goes with its sender when that
// moves, be it that its node stops: it comes once, before what is sent later, wherever
// both come to.
func TestWhatAPeerHasSentGoesWithIt(t *testing.T) {
	for _, stops := range []bool{true, false} {
		for _, bobFirst := range []bool{true, false} {
			for _, to := range []int{0, 2} {
				if stops && to == 0 {
					continue
				}
				t.Run(fmt.Sprintf("stops=%t bobFirst=%t node=%d", stops, bobFirst, to), func(t *testing.T) {
					x := separate(t)
					x.annLeaves()
					if stops {
						require.NoError(t, x.all[0].hub.Park(t.Context()))
						x.die(x.all[0], true)
					}
					var bob *socket
					if bobFirst && stops {
						bob, _ = x.all[to].welcomed(t, 2, x.bobToken)
					}
					x.annArrives()
					x.ann.relay(t, "signal", 2, 5)
					if bob == nil {
						bob, _ = x.all[to].welcomed(t, 2, x.bobToken)
					}
					x.ann.relay(t, "signal", 2, 6)
					require.Equal(t, slices.Concat(sentByAnn, []string{"signal n=5 epoch=0", "signal n=6 epoch=0"}), x.fromAnn(bob, 6))
				})
			}
		}
	}
}

// What was packed with its sender is not passed on from where that has been, unless the
// sender stays after all: nobody gets it twice.
func TestWhatWasPackedWithItsSenderIsNotSentHere(t *testing.T) {
	x := separate(t)
	x.all[0].suspend(t, 1, inTheEvening())
	x.all[0].on(t, 1, func(c resumer, s *room.Session) { c.(room.Mover).Pack(s) })
	bob, _ := x.all[2].welcomed(t, 2, x.bobToken)
	x.all[0].standsAs(t, "user2:active")
	carol := x.all[0].open(t, 4)
	carol.join(t)
	require.Equal(t, protocol.Delivered, carol.relay(t, "answer", 2, 9).Delivery)
	require.NotContains(t, bob.upTo(t, protocol.TypeAnswer), sentByAnn[0])
	x.all[0].resume(t, 1)
	require.Equal(t, protocol.Delivered, x.ann.relay(t, "signal", 2, 5).Delivery)
	require.Equal(t, append(slices.Clone(sentByAnn), "signal n=5 epoch=0"), x.fromAnn(bob, 5))
}

// Who comes to another node is told of what can no longer arrive.
func TestWhatAPeerHasSentExpiresWhereItIs(t *testing.T) {
	x := separate(t)
	x.annLeaves()
	require.NoError(t, x.all[0].hub.Park(t.Context()))
	x.die(x.all[0], true)
	bob, _ := x.all[2].welcomed(t, 2, x.bobToken)
	x.all[2].standsAs(t, "user2:active")
	bob.send(t, `{"type":"leave_call","id":"l"}`)
	bob.await(t, protocol.TypeAck)
	x.annArrives()
	require.Equal(t, []string{
		`signal_expired signal "id-1"`, `signal_expired offer "id-2"`, `signal_expired ice_candidate "id-3"`, `signal_expired signal "id-4"`,
		"user_left left",
	}, slices.DeleteFunc(x.ann.upTo(t, protocol.TypeUserLeft), func(f string) bool { return strings.HasPrefix(f, "call_state") }))
}

// What is under way to a node that is held up, from where its target has gone meanwhile,
// comes back, and is not overtaken by what is sent to the target later.
func TestWhatIsUnderWayToAFormerNodeIsNotOvertaken(t *testing.T) {
	for _, to := range []int{0, 2} {
		ns := startNodesKeeping(t, signaling.Config{}, room.Resume{Window: time.Minute, Frames: 100, Bytes: 1 << 20, NodeBytes: 1 << 24})
		bob, w := ns.all[1].welcomed(t, 2, "")
		bob.join(t)
		ann := ns.all[0].open(t, 1)
		ann.join(t)
		ns.all[2].meetsNobody(t, 3)
		require.NoError(t, bob.conn.CloseNow())
		ns.all[0].standsAs(t, "user2:suspended")
		require.NoError(t, ns.all[1].hub.Park(t.Context()))
		goOn := ns.all[1].bus.Hold()
		ann.send(t, `{"type":"signal","data":{"target_user_id":2,"n":1}}`)
		bob, w = ns.all[to].welcomed(t, 2, w.ResumeToken)
		require.True(t, w.Resumed)
		ns.all[0].standsAs(t, "user2:active")
		ann.send(t, `{"type":"signal","data":{"target_user_id":2,"n":2}}`)
		goOn()
		for n := 1; n <= 2; n++ {
			heard := bob.upTo(t, protocol.TypeSignal)
			require.Equal(t, fmt.Sprintf("signal n=%d epoch=0", n), heard[len(heard)-1])
		}
	}
}

// Of what is under way to a peer that is being packed none is taken, if it stays, before
// what was sent back; and that is sent again, though no news of the peer comes.
func TestWhatComesBackIsNotOvertaken(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	ann, bob := k[0], k[1]
	ns.all[1].on(t, 2, func(c resumer, s *room.Session) { c.(room.Mover).Pack(s) }) // its socket is lost, which is no news yet
	release := ns.all[0].bus.Hold()
	ann.send(t, `{"type":"signal","data":{"target_user_id":2,"n":1}}`)
	require.Eventually(t, func() bool { return ns.all[0].bus.Held() > 0 }, patience, time.Millisecond)
	ns.all[1].resume(t, 2)
	ann.send(t, `{"type":"signal","data":{"target_user_id":2,"n":2}}`)
	ann.send(t, `{"type":"signal","data":{"target_user_id":2,"n":3}}`)
	ann.send(t, `{"type":"join_call","id":"j"}`)
	ann.answer(t, "j") // all are under way
	release()
	for n := 1; n <= 3; n++ {
		heard := bob.upTo(t, protocol.TypeSignal)
		require.Equal(t, fmt.Sprintf("signal n=%d epoch=0", n), heard[len(heard)-1])
	}
}

package signaling_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
	"parley/signaling"
)

// What is packed is all that a peer has in the call; what is sent to it then waits
// at the senders' nodes, in order, until it is back.
func TestAPeerIsPacked(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	ann, bob := k[0], k[1]
	require.Equal(t, protocol.Delivered, ann.relay(t, "offer", 2, 1).Delivery)
	require.Equal(t, protocol.Delivered, bob.relay(t, "answer", 1, 2).Delivery)
	ns.all[1].suspend(t, 2, inTheEvening())
	ns.all[0].shows(t, " user1:active user2:suspended until 2030-01-02T20:00:00.005Z")
	require.Equal(t, queued(3), ann.relay(t, "offer", 2, 3))

	var packed struct {
		PeerID string `json:"peer_id"`
		Pairs  []struct {
			Offered, Spoken [2]int64
		}
		Frames []struct {
			Type protocol.Type
			Text struct {
				Data struct {
					N     int
					Epoch int64 `json:"from_epoch"`
				}
			}
		}
	}
	ns.all[1].on(t, 2, func(c resumer, s *room.Session) {
		require.NoError(t, json.Unmarshal(c.(room.Mover).Pack(s), &packed))
	})
	require.NotEmpty(t, packed.PeerID)
	require.Len(t, packed.Pairs, 1)
	require.Equal(t, [2]int64{0, 3}, packed.Pairs[0].Offered)
	require.Equal(t, [2]int64{1, 3}, packed.Pairs[0].Spoken)
	require.Len(t, packed.Frames, 1)
	require.Equal(t, 3, packed.Frames[0].Text.Data.N)
	require.Equal(t, int64(3), packed.Frames[0].Text.Data.Epoch)

	require.Equal(t, queued(3), ann.relay(t, "ice_candidate", 2, 4))
	require.Equal(t, queued(0), ann.relay(t, "signal", 2, 5))
	require.Equal(t, 3, ns.all[0].meter.counted("across moved"), "the first was sent again before the second")
	ns.all[1].resume(t, 2) // it comes back to where it was, after all
	heard := bob.upTo(t, protocol.TypeSignal)
	require.Equal(t, []string{"offer n=3 epoch=3", "ice_candidate n=4 epoch=3", "signal n=5 epoch=0"}, heard[len(heard)-3:])
}

// What waits at the sender's node for a peer that is being packed goes before what is
// sent once the peer is back, also where the news of that has not come.
func TestWhatWaitsForAPackedPeerIsNotOvertaken(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	ann, bob := k[0], k[1]
	ns.all[1].suspend(t, 2, inTheEvening())
	ns.all[0].shows(t, " user1:active user2:suspended until 2030-01-02T20:00:00.005Z")
	ns.all[1].on(t, 2, func(c resumer, s *room.Session) { c.(room.Mover).Pack(s) })
	require.Equal(t, queued(0), ann.relay(t, "signal", 2, 1))
	ns.all[0].bus.SetShare(1) // it hears nothing, not even answers
	ns.all[1].resume(t, 2)
	ann.send(t, `{"type":"signal","data":{"target_user_id":2,"n":2}}`)
	for n := 1; n <= 2; n++ {
		heard := bob.upTo(t, protocol.TypeSignal)
		require.Equal(t, fmt.Sprintf("signal n=%d epoch=0", n), heard[len(heard)-1])
	}
}

// A session that has moved is no departure, and who still writes to it there learns
// that it is elsewhere.
func TestAMovedSessionIsNotMissed(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2, 3, 4, 5) // the last at the same node
	shown := " user1:active user2:suspended until 2030-01-02T20:00:00.005Z user3:active user4:active user5:active"
	ns.all[1].suspend(t, 2, inTheEvening())
	ns.all[0].shows(t, shown)
	ns.all[1].on(t, 2, func(_ resumer, s *room.Session) {
		s.Close(protocol.CloseRestart, "moved", protocol.LeaveMoved)
	})
	k[1].closedWith(t)
	require.Equal(t, queued(0), k[0].relay(t, "signal", 2, 1))
	ns.all[0].shows(t, shown)
}

// Whatever news is lost, all nodes show the same in the end.
func TestLostNewsHeals(t *testing.T) {
	ns := startNodes(t, signaling.Config{MaxParticipants: 5})
	seed := rand.Uint64()
	t.Log("seed", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for _, m := range ns.all {
		m.bus.SetShare(0.3)
	}
	sockets := make(map[int64]*socket)
	for range 60 {
		u := int64(1 + rng.IntN(8))
		m := ns.all[rng.IntN(3)]
		if k := sockets[u]; k != nil {
			require.NoError(t, k.conn.Close(websocket.StatusNormalClosure, ""))
			delete(sockets, u)
			continue
		}
		sockets[u] = m.open(t, u)
		sockets[u].send(t, `{"type":"join_call","id":"j"}`)
		sockets[u].answer(t, "j")
	}
	require.Eventually(t, func() bool {
		var all []string
		for _, m := range ns.all {
			m.calls.Sweep(t.Context())
			all = append(all, fmt.Sprint(states(m.state(t).Participants)))
		}
		return all[0] == all[1] && all[1] == all[2] && len(ns.all[0].state(t).Participants) == len(sockets)
	}, patience, 10*time.Millisecond)
}

// A node that hears of another's death before it hears who was suspended there ends
// nobody who may come back.
func TestADeathIsHeardOfBeforeASuspension(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	ns.all[2].meetsNobody(t, 3)
	release := ns.all[2].bus.Hold()
	ns.all[1].suspend(t, 2, inTheEvening())
	ns.all[0].standsAs(t, "user2:suspended")
	ns.die(ns.all[1], true)
	require.NoError(t, ns.all[2].calls.Flush(t.Context()))
	ns.all[2].standsAs(t, "user2:suspended")
	require.Equal(t, queued(0), k[0].relay(t, "signal", 2, 1))
	release()
}

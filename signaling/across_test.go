package signaling_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
	"parley/signaling"
)

func TestSignalsReachPeersOfOtherNodes(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2, 3)
	ann, bob, carol := k[0], k[1], k[2]
	deliveredAs := func(epoch int64) protocol.Delivery {
		return protocol.Delivery{Delivery: protocol.Delivered, Epoch: epoch}
	}
	require.Equal(t, deliveredAs(1), ann.relay(t, "offer", 2, 1), "who joined first takes the odd ones")
	require.Contains(t, bob.upTo(t, protocol.TypeOffer), "offer n=1 epoch=1")
	require.Equal(t, deliveredAs(1), bob.relay(t, "answer", 1, 2))
	ann.await(t, protocol.TypeAnswer)
	require.Equal(t, deliveredAs(2), bob.relay(t, "offer", 1, 3))
	require.Contains(t, ann.upTo(t, protocol.TypeOffer), "offer n=3 epoch=2")

	require.Equal(t, deliveredAs(0), ann.relay(t, "signal", 0, 4), "to everybody")
	require.Contains(t, bob.upTo(t, protocol.TypeSignal), "signal n=4 epoch=0")
	require.Contains(t, carol.upTo(t, protocol.TypeSignal), "signal n=4 epoch=0")
	require.Equal(t, protocol.CodePeerNotFound, ann.failed(t, "x", `{"type":"offer","id":"x","data":{"target_user_id":9}}`))
	require.Equal(t, 4+1, ns.all[0].meter.counted("across delivered")+ns.all[1].meter.counted("across delivered"))
}

func TestOffersThatCrossBetweenNodesAreOfTwoEpochs(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	for round := range 20 {
		epochs := make([]int64, 2)
		var both sync.WaitGroup
		for i := range k {
			both.Go(func() { epochs[i] = k[i].relay(t, "offer", 2-i, round).Epoch })
		}
		both.Wait()
		require.Equal(t, []int64{1, 0}, []int64{epochs[0] % 2, epochs[1] % 2}, "%v", epochs)
	}
}

func TestBytesAreKeptBetweenNodes(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	members := `"s":"\u0041\/\ud800 é 🎥 <&>","n":1e400,"a":1,"a":2,"w":[ 1 ,	2],"from_user":0`
	k[0].send(t, `{"type":"signal","id":"b","data":{"target_user_id":2,"from_user_id":9,`+members+`}}`)
	got := string(k[1].await(t, protocol.TypeSignal))
	require.Contains(t, got, members[:len(members)-len(`,"from_user":0`)]+"}")
	require.Contains(t, got, `"from_user_id":1,"from_username":"user1"`)
}

func TestARoomIsFullForAllNodes(t *testing.T) {
	ns := startNodes(t, signaling.Config{MaxParticipants: 4})
	var sockets []*socket
	for i := range 12 {
		sockets = append(sockets, ns.all[i%3].open(t, int64(i+1)))
	}
	var mu sync.Mutex
	var in, full int
	var all sync.WaitGroup
	for _, k := range sockets {
		all.Go(func() {
			k.send(t, `{"type":"join_call","id":"j"}`)
			typ, _ := k.answer(t, "j")
			mu.Lock()
			defer mu.Unlock()
			if typ == protocol.TypeAck {
				in++
			} else {
				full++
			}
		})
	}
	all.Wait()
	require.Equal(t, []int{4, 8}, []int{in, full})
	require.Positive(t, ns.all[0].meter.counted("swap "+signaling.SwapConflict)+
		ns.all[1].meter.counted("swap "+signaling.SwapConflict)+ns.all[2].meter.counted("swap "+signaling.SwapConflict))
}

func TestAUserIsOnePeerOnAllNodes(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	for range 10 {
		k := []*socket{ns.all[0].open(t, 1), ns.all[1].open(t, 1), ns.all[2].open(t, 1)}
		for _, s := range k {
			s.send(t, `{"type":"join_call"}`)
		}
		codes := make(chan protocol.CloseCode, 3)
		for _, s := range k {
			go func() { codes <- s.closedWith(t) }()
		}
		require.Equal(t, []protocol.CloseCode{protocol.CloseReplaced, protocol.CloseReplaced}, []protocol.CloseCode{<-codes, <-codes})
		ns.all[0].shows(t, " user1:active")
		for _, s := range k {
			_ = s.conn.Close(websocket.StatusNormalClosure, "")
		}
		<-codes
		for _, m := range ns.all {
			m.shows(t, "")
		}
	}
}

func TestSignalsWaitForAPeerThatIsAwayOnAnotherNode(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2, 3)
	ann, bob := k[0], k[1]
	ns.all[1].suspend(t, 2, inTheEvening())
	away := " user1:active user2:suspended until 2030-01-02T20:00:00.005Z user3:active"
	ns.all[0].shows(t, away)
	require.Equal(t, queued(1), ann.relay(t, "offer", 2, 1))
	require.Equal(t, queued(1), ann.relay(t, "ice_candidate", 2, 2))
	require.Equal(t, queued(3), ann.relay(t, "offer", 2, 3))
	require.Equal(t, queued(0), ann.relay(t, "signal", 0, 4))
	ns.all[1].resume(t, 2)
	heard := bob.upTo(t, protocol.TypeSignal)
	require.Equal(t, []string{
		"welcome", "call_state active [user1:active user2:active user3:active]", "offer n=3 epoch=3", "signal n=4 epoch=0",
	}, heard[slices.Index(heard, "welcome"):])

	ns.all[1].suspend(t, 2, inTheEvening())
	ns.all[0].shows(t, away)
	require.Equal(t, queued(5), ann.relay(t, "offer", 2, 5))
	require.NoError(t, bob.conn.Close(websocket.StatusNormalClosure, ""))
	heard = ann.upTo(t, protocol.TypeSignalExpired)
	require.Equal(t, `signal_expired offer "id-5"`, heard[len(heard)-1])
}

func TestWhatWaitsOnAnotherNodeIsBounded(t *testing.T) {
	ns := startNodes(t, signaling.Config{ParkedBytes: 1200})
	k := ns.meet(t, 1, 2, 3)
	ns.all[1].suspend(t, 2, inTheEvening())
	ns.all[0].shows(t, " user1:active user2:suspended until 2030-01-02T20:00:00.005Z user3:active")
	require.Equal(t, queued(0), k[0].relay(t, "signal", 2, 1))
	require.Equal(t, protocol.CodeUnavailable, k[0].failed(t, "x", `{"type":"signal","id":"x","data":{"target_user_id":2}}`))
	k[0].send(t, `{"type":"signal","id":"y","data":{}}`)
	require.Equal(t, []string{`signal_expired signal "y"`, "ack n=0 epoch=0"}, k[0].upTo(t, protocol.TypeAck))
	k[2].await(t, protocol.TypeSignal)
}

func TestANodeThatDoesNotAnswerIsUnavailable(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	ns.all[1].bus.SetShare(1)
	require.Equal(t, protocol.CodeUnavailable, k[0].failed(t, "x", `{"type":"offer","id":"x","data":{"target_user_id":2}}`))
	require.Equal(t, 1, ns.all[0].meter.counted("across timeout"))
}

func TestOthersSeeThatANodeDied(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2, 3)
	dead := ns.all[1]
	ns.die(dead, true)
	for _, i := range []int{0, 2} {
		user, why := k[i].left(t)
		require.Equal(t, int64(2), user)
		require.Equal(t, protocol.LeaveTimeout, why)
		ns.all[i].shows(t, " user1:active user3:active")
	}
	// Its peer is heard of no more, and the node, which was only paused, finds out.
	ns.die(dead, false)
	dead.calls.Sweep(t.Context())
	require.True(t, k[1].closedWith(t).ComeBack())
	for _, m := range ns.all {
		m.calls.Sweep(t.Context())
		m.shows(t, " user1:active user3:active")
	}
	bob := dead.open(t, 2)
	bob.join(t)
	for _, i := range []int{0, 2} {
		heard := k[i].upTo(t, protocol.TypeUserJoined)
		require.NotContains(t, fmt.Sprint(heard), "user_left", "it is told once")
	}
}

func TestAPeerGoesOnFromAnotherNode(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2, 3)
	ann := k[0]
	require.Equal(t, protocol.Delivery{Delivery: protocol.Delivered, Epoch: 1}, ann.relay(t, "offer", 2, 1))
	conn, peer := "", ""
	ns.all[1].on(t, 2, func(_ resumer, s *room.Session) { conn = s.ConnectionID() })
	for _, p := range ns.all[0].state(t).Participants {
		if p.UserID == 2 {
			peer = p.PeerID
		}
	}
	ns.all[1].suspend(t, 2, inTheEvening())
	ns.all[0].shows(t, " user1:active user2:suspended until 2030-01-02T20:00:00.005Z user3:active")
	ns.die(ns.all[1], true)
	require.Equal(t, queued(3), ann.relay(t, "offer", 2, 2), "kept until the peer is somewhere")

	bob := ns.all[2].openInstead(t, 2, conn)
	bob.send(t, `{"type":"join_call","id":"j"}`)
	heard := bob.upTo(t, protocol.TypeAck)
	if !slices.Contains(heard, "offer n=2 epoch=3") { // which comes when ann's node hears of it
		require.Contains(t, bob.upTo(t, protocol.TypeOffer), "offer n=2 epoch=3")
	}
	require.Contains(t, fmt.Sprint(heard), "call_joined")
	ns.all[0].shows(t, " user1:active user2:active user3:active")
	for _, p := range ns.all[0].state(t).Participants {
		if p.UserID == 2 {
			require.Equal(t, peer, p.PeerID)
		}
	}
	d := bob.relay(t, "offer", 1, 3)
	require.Greater(t, d.Epoch, int64(1<<20))
	require.Zero(t, d.Epoch%2)
	heard = ann.upTo(t, protocol.TypeOffer)
	require.NotContains(t, fmt.Sprint(heard), "user_left")
	require.NotContains(t, fmt.Sprint(heard), "user_joined")
}

func TestCallsGoOnWithoutTheLedger(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2, 3)
	for _, m := range ns.all {
		m.book.cut(true)
	}
	dan := ns.all[0].open(t, 4)
	dan.join(t)
	require.Equal(t, protocol.Delivered, k[0].relay(t, "offer", 4, 1).Delivery)
	dan.await(t, protocol.TypeOffer)
	require.NoError(t, k[1].conn.Close(websocket.StatusNormalClosure, ""))
	require.Equal(t, 1, ns.all[0].meter.counted("apart +1"))
	for _, m := range ns.all {
		m.book.cut(false)
	}
	for _, m := range []int{0, 1, 2} {
		ns.all[m].shows(t, " user1:active user3:active user4:active")
	}
	var joined protocol.UserJoined
	require.NoError(t, json.Unmarshal(k[2].await(t, protocol.TypeUserJoined), &joined))
	require.Equal(t, int64(4), joined.User.ID)
	require.Eventually(t, func() bool { return ns.all[0].meter.counted("apart -1") == 1 }, patience, 1e6)
}

func TestTheLedgerMayBeEmptied(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2, 3)
	ns.ledger.Lose()
	dan := ns.all[0].open(t, 4)
	dan.join(t)
	for _, m := range ns.all {
		m.calls.Sweep(t.Context())
		m.shows(t, " user1:active user2:active user3:active user4:active")
	}
	for _, s := range k {
		require.Equal(t, protocol.Delivered, s.relay(t, "signal", 4, 1).Delivery)
		heard := dan.upTo(t, protocol.TypeSignal)
		require.NotContains(t, fmt.Sprint(heard), "user_left")
	}
}

// What a database brings back that has lost its newest data is not believed: who has
// left does not come back.
func TestTheLedgerMayComeBackWithThePast(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2, 3)
	restore := ns.ledger.Past()
	require.NoError(t, k[1].conn.Close(websocket.StatusNormalClosure, ""))
	for _, m := range []int{0, 2} {
		ns.all[m].shows(t, " user1:active user3:active")
	}
	ns.die(ns.all[1], false) // so that it does not say so again
	restore()
	for _, m := range []int{0, 2} {
		ns.all[m].calls.Sweep(t.Context())
	}
	dan := ns.all[0].open(t, 4)
	dan.join(t)
	for _, m := range []int{0, 2} {
		ns.all[m].shows(t, " user1:active user3:active user4:active")
	}
	require.NotContains(t, fmt.Sprint(k[2].upTo(t, protocol.TypeUserJoined)), "user2")
}

func TestLostNewsIsFoundBySweeping(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	ns.all[1].bus.SetShare(1)
	lost := ns.all[1].bus.Lost()
	dan := ns.all[0].open(t, 4)
	dan.join(t)
	require.Eventually(t, func() bool { return ns.all[1].bus.Lost() >= lost+2 }, patience, 1e6, "that dan connects, and joins")
	ns.all[1].bus.SetShare(0)
	ns.all[1].shows(t, " user1:active user2:active")
	ns.all[1].calls.Sweep(t.Context())
	k[1].await(t, protocol.TypeUserJoined)
	ns.all[1].shows(t, " user1:active user2:active user4:active")
}

// What comes from one whose joining was not heard of waits until it is.
func TestNobodyHearsFromWhoIsNotThereYet(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2)
	ns.all[1].bus.SetShare(1)
	dan := ns.all[0].open(t, 4)
	dan.join(t)
	ns.all[1].bus.SetShare(0)
	require.Equal(t, protocol.Delivered, dan.relay(t, "signal", 2, 1).Delivery)
	heard := fmt.Sprint(k[1].upTo(t, protocol.TypeSignal))
	require.Contains(t, heard, "user_joined")
}

func TestCallStateOfACallOnOtherNodes(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	ns.meet(t, 1, 2)
	ns.all[2].shows(t, " user1:active user2:active")
	require.Equal(t, protocol.CallActive, ns.all[2].state(t).RoomState)
}

// Each node counts its own peers.
func TestNodesCountTheirOwnPeers(t *testing.T) {
	ns := startNodes(t, signaling.Config{})
	k := ns.meet(t, 1, 2, 3)
	for _, m := range ns.all {
		up := 0
		for _, e := range m.meter.taken() {
			if e == "peers +1" {
				up++
			}
		}
		require.Equal(t, 1, up)
	}
	require.NoError(t, k[1].conn.Close(websocket.StatusNormalClosure, ""))
	ns.all[0].shows(t, " user1:active user3:active")
	ns.all[1].shows(t, " user1:active user3:active")
	require.Contains(t, ns.all[1].meter.taken(), "peers -1")
	require.NotContains(t, ns.all[0].meter.taken(), "peers -1")
}

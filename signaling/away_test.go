package signaling_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
	"parley/signaling"
)

// resumer is what a room tells a call of its sessions' sockets.
type resumer interface {
	Suspend(s *room.Session, until time.Time)
	Resume(s *room.Session)
}

// on calls f, on the room's shard, for the user's session.
func (n *node) on(t *testing.T, userID int64, f func(resumer, *room.Session)) {
	t.Helper()
	done := make(chan struct{})
	n.hub.In(roomID, func(r *room.Room) {
		defer close(done)
		for s := range r.Sessions(protocol.ChannelCall) {
			if s.User().ID == userID {
				f(r.Behavior(protocol.ChannelCall).(resumer), s)
			}
		}
	})
	select {
	case <-done:
	case <-time.After(patience):
		require.FailNow(t, "the room's shard does not come to it")
	}
}

// suspend has the call take the user's socket for lost. It is not, so that the
// test sees what it is sent.
func (n *node) suspend(t *testing.T, userID int64, until time.Time) {
	t.Helper()
	n.on(t, userID, func(c resumer, s *room.Session) { c.Suspend(s, until) })
}

func (n *node) resume(t *testing.T, userID int64) {
	t.Helper()
	n.on(t, userID, func(c resumer, s *room.Session) { c.Resume(s) })
}

// upTo reads on to the first frame of a type and tells what came on the way.
func (k *socket) upTo(t *testing.T, last protocol.Type) (heard []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		_, b, err := k.conn.Read(ctx)
		require.NoError(t, err, "waiting for %s, heard %q", last, heard)
		var f struct {
			Type protocol.Type
			Data struct {
				N                int
				Epoch            int    `json:"from_epoch"`
				RoomState        string `json:"room_state"`
				Participants     []protocol.CallParticipant
				Type, ID, Reason string
				PeerID           string `json:"peer_id"`
			}
		}
		require.NoError(t, json.Unmarshal(b, &f))
		d := f.Data
		switch f.Type {
		case protocol.TypeCallState:
			heard = append(heard, fmt.Sprintf("call_state %s %s", d.RoomState, states(d.Participants)))
		case protocol.TypeSignalExpired:
			require.NotEmpty(t, d.PeerID)
			heard = append(heard, fmt.Sprintf("signal_expired %s %q", d.Type, d.ID))
		case protocol.TypeUserLeft:
			heard = append(heard, "user_left "+d.Reason)
		case protocol.TypeWelcome:
			heard = append(heard, "welcome")
		default:
			heard = append(heard, fmt.Sprintf("%s n=%d epoch=%d", f.Type, d.N, d.Epoch))
		}
		if f.Type == last {
			return heard
		}
	}
}

func states(participants []protocol.CallParticipant) (all []string) {
	for _, p := range participants {
		s := fmt.Sprintf("%s:%s", p.Username, p.State)
		if p.Deadline != nil {
			s += " until " + p.Deadline.Format(protocol.TimeLayout)
		}
		all = append(all, s)
	}
	return all
}

// relay sends bob, or with 0 everybody, a frame and returns its ack.
func (k *socket) relay(t *testing.T, typ string, to, number int) protocol.Delivery {
	t.Helper()
	target := ""
	if to != 0 {
		target = fmt.Sprintf(`"target_user_id":%d,`, to)
	}
	k.send(t, fmt.Sprintf(`{"type":%q,"id":"id-%d","data":{%s"n":%d}}`, typ, number, target, number))
	var d protocol.Delivery
	require.NoError(t, json.Unmarshal(k.await(t, protocol.TypeAck), &d))
	return d
}

func queued(epoch int64) protocol.Delivery {
	return protocol.Delivery{Delivery: protocol.Queued, Epoch: epoch}
}

func meet(t *testing.T, n *node, users ...int64) []*socket {
	t.Helper()
	var all []*socket
	for _, u := range users {
		k := n.open(t, u)
		k.join(t)
		all = append(all, k)
	}
	for _, k := range all { // each has heard of all others when it hears of itself
		k.send(t, `{"type":"signal"}`)
	}
	for _, k := range all {
		for range len(all) - 1 {
			k.await(t, protocol.TypeSignal)
		}
	}
	n.state(t) // and the turn is over in which the last was relayed
	n.meter.taken()
	return all
}

func inTheEvening() time.Time { return time.Date(2030, 1, 2, 20, 0, 0, 5e6, time.UTC) }

func TestSignalsWaitForAPeerThatIsAway(t *testing.T) {
	n := start(t, signaling.Config{})
	k := meet(t, n, 1, 2)
	ann, bob := k[0], k[1]
	n.suspend(t, 2, inTheEvening())
	away := "call_state active [user1:active user2:suspended until 2030-01-02T20:00:00.005Z]"
	require.Equal(t, []string{away}, ann.upTo(t, protocol.TypeCallState))

	require.Equal(t, queued(1), ann.relay(t, "offer", 2, 1))
	require.Equal(t, queued(1), ann.relay(t, "ice_candidate", 2, 2))
	require.Equal(t, queued(0), ann.relay(t, "signal", 2, 3))
	require.Equal(t, queued(2), ann.relay(t, "offer", 2, 4))
	require.Equal(t, queued(0), ann.relay(t, "ice_candidate", 0, 5), "of several targets, none is named")
	require.Equal(t, []string{
		"offer queued", "ice_candidate queued", "signal queued", "offer queued", "ice_candidate queued",
	}, n.meter.taken())

	n.resume(t, 2)
	require.Equal(t, []string{
		away, "welcome", "call_state active [user1:active user2:active]",
		"signal n=3 epoch=0", "offer n=4 epoch=2", "ice_candidate n=5 epoch=2",
	}, bob.upTo(t, protocol.TypeICECandidate))

	require.Equal(t, protocol.Delivery{Delivery: protocol.Delivered, Epoch: 2}, bob.relay(t, "answer", 1, 6))
	require.Equal(t, []string{"call_state active [user1:active user2:active]", "answer n=6 epoch=2"}, ann.upTo(t, protocol.TypeAnswer))
}

// A socket that was taken over while it looked alive was never shown as lost.
func TestResumeShowsTheCallInAnyCase(t *testing.T) {
	n := start(t, signaling.Config{})
	k := meet(t, n, 1, 2)
	n.resume(t, 2)
	require.Equal(t, []string{"welcome", "call_state active [user1:active user2:active]"}, k[1].upTo(t, protocol.TypeCallState))
}

func TestSendersHearWhatExpires(t *testing.T) {
	n := start(t, signaling.Config{})
	k := meet(t, n, 1, 2, 3)
	ann, bob, carol := k[0], k[1], k[2]
	n.suspend(t, 2, inTheEvening())
	ann.await(t, protocol.TypeCallState)
	carol.await(t, protocol.TypeCallState)
	require.Equal(t, queued(1), ann.relay(t, "offer", 2, 1))
	ann.send(t, `{"type":"ice_candidate","data":{"target_user_id":2}}`)
	require.Equal(t, queued(0), ann.relay(t, "offer", 0, 3))
	require.NoError(t, bob.conn.Close(websocket.StatusNormalClosure, ""))
	require.Equal(t, []string{`signal_expired offer "id-3"`, "user_left left"}, ann.upTo(t, protocol.TypeUserLeft),
		"the first was superseded, with its candidate")
	require.Equal(t, []string{"offer n=3 epoch=1", "user_left left"}, carol.upTo(t, protocol.TypeUserLeft))
}

func TestWhatWaitsIsBounded(t *testing.T) {
	n := start(t, signaling.Config{ParkedBytes: 2000})
	k := meet(t, n, 1, 2, 3)
	ann := k[0]
	n.suspend(t, 2, inTheEvening())
	ann.await(t, protocol.TypeCallState)
	for i := range 3 {
		require.Equal(t, queued(0), ann.relay(t, "signal", 2, i))
	}
	ann.send(t, `{"type":"signal","id":"x","data":{"target_user_id":2}}`)
	var e protocol.ErrorData
	require.NoError(t, json.Unmarshal(ann.await(t, protocol.TypeError), &e))
	require.Equal(t, protocol.CodeUnavailable, e.Code)
	require.True(t, e.Temporary)

	ann.send(t, `{"type":"signal","id":"y","data":{}}`)
	require.Equal(t, []string{`signal_expired signal "y"`, "ack n=0 epoch=0"}, ann.upTo(t, protocol.TypeAck))
	k[2].await(t, protocol.TypeSignal)
}

// The bound of the whole node holds for signals that wait, too.
func TestWhatWaitsIsBoundedForTheNode(t *testing.T) {
	n := startKeeping(t, signaling.Config{}, 1000)
	k := meet(t, n, 1, 2)
	ann := k[0]
	for range 3 {
		n.suspend(t, 2, inTheEvening())
		ann.await(t, protocol.TypeCallState)
		require.Equal(t, queued(0), ann.relay(t, "signal", 2, 1))
		ann.send(t, `{"type":"signal","id":"x","data":{"target_user_id":2}}`)
		var e protocol.ErrorData
		require.NoError(t, json.Unmarshal(ann.await(t, protocol.TypeError), &e))
		require.Equal(t, protocol.CodeUnavailable, e.Code)
		n.resume(t, 2)
		ann.await(t, protocol.TypeCallState)
	}
}

// One frame for two peers may be of two epochs.
func TestEachPairCountsItsOffers(t *testing.T) {
	n := start(t, signaling.Config{})
	k := meet(t, n, 1, 2, 3)
	one := protocol.Delivery{Delivery: protocol.Delivered, Epoch: 1}
	require.Equal(t, one, k[0].relay(t, "offer", 2, 1))
	require.Equal(t, protocol.Delivery{Delivery: protocol.Delivered}, k[0].relay(t, "offer", 0, 2))
	require.Equal(t, []string{"offer n=1 epoch=1"}, k[1].upTo(t, protocol.TypeOffer))
	require.Equal(t, []string{"offer n=2 epoch=2"}, k[1].upTo(t, protocol.TypeOffer))
	require.Equal(t, []string{"offer n=2 epoch=1"}, k[2].upTo(t, protocol.TypeOffer))
}

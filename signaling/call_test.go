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

func (n *node) state(t *testing.T) protocol.CallState {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := n.calls.CallState(ctx, roomID)
	require.NoError(t, err)
	return s
}

// The metrics are told of what changed, once for each change, and what comes up
// goes down again.
func TestMeterIsToldOfChanges(t *testing.T) {
	n := start(t, signaling.Config{})
	ann := n.open(t, 1)
	require.Equal(t, []string{"idle → connecting"}, n.meter.taken())
	ann.join(t)
	require.Equal(t, []string{"peers +1"}, n.meter.taken())
	ann.join(t)
	second := n.open(t, 1)
	require.Empty(t, n.meter.taken())

	bob := n.open(t, 2)
	bob.join(t)
	require.Equal(t, []string{"connecting → active", "peers +1"}, n.meter.taken())
	second.join(t) // takes its user's place
	require.Empty(t, n.meter.taken())

	second.send(t, `{"type":"leave_call","id":"l"}`)
	second.await(t, protocol.TypeAck)
	require.Equal(t, []string{"active → connecting", "peers -1"}, n.meter.taken())
	bob.send(t, `{"type":"leave_call","id":"l"}`)
	bob.await(t, protocol.TypeAck)
	require.Equal(t, []string{"connecting → idle", "peers -1"}, n.meter.taken(), "ended is no state to count")
}

func TestMeterIsToldOfRelays(t *testing.T) {
	n := start(t, signaling.Config{})
	ann, bob := n.open(t, 1), n.open(t, 2)
	ann.join(t)
	bob.join(t)
	n.meter.taken()
	for _, c := range []struct{ frame, answer, noted string }{
		{`{"type":"offer","id":"1"}`, "ack", "offer delivered"},
		{`{"type":"answer","id":"1","data":{"target_user_id":2}}`, "ack", "answer delivered"},
		{`{"type":"ice_candidate","id":"1"}`, "ack", "ice_candidate delivered"},
		{`{"type":"signal","id":"1"}`, "ack", "signal delivered"},
		{`{"type":"offer","id":"1","data":{"target_user_id":3}}`, "error", ""},
		{`{"type":"offer","id":"1","data":{"target_user_id":"2"}}`, "error", ""},
	} {
		ann.send(t, c.frame)
		ann.await(t, protocol.Type(c.answer))
		if c.noted == "" {
			require.Empty(t, n.meter.taken(), c.frame)
			continue
		}
		require.Equal(t, []string{c.noted}, n.meter.taken(), c.frame)
	}
}

func TestMeterIsToldWhatPeersReport(t *testing.T) {
	n := start(t, signaling.Config{})
	ann := n.open(t, 1)
	n.meter.taken()
	for _, c := range []struct {
		data string
		want []string
	}{
		{
			`{"state":"connected","ms":1500,"local_candidate_type":"relay","remote_candidate_type":"host","protocol":"tcp"}`,
			[]string{"connected relay/host tcp", "connected in 1.5s"},
		},
		{`{"state":"connected"}`, []string{"connected / "}},
		{`{"state":"connected","ms":0}`, []string{"connected / ", "connected in 0s"}},
		{`{"state":"connected","ms":600000}`, []string{"connected / ", "connected in 10m0s"}},
		{`{"state":"connected","ms":600001}`, []string{"connected / "}},
		{`{"state":"connected","ms":-1}`, []string{"connected / "}},
		{`{"state":"connected","ms":1e308}`, []string{"connected / "}},
		{`{"state":"failed","ms":10}`, []string{"failed / "}},
		{`{"state":"closed"}`, []string{"closed / "}},
	} {
		ann.send(t, `{"type":"peer_state","id":"1","data":`+c.data+`}`)
		ann.await(t, protocol.TypeAck)
		require.Equal(t, c.want, n.meter.taken(), c.data)
	}
	for _, data := range []string{`{}`, `{"state":"new"}`, `{"state":null}`, `{"state":"connected","ms":"1"}`} {
		ann.send(t, `{"type":"peer_state","id":"1","data":`+data+`}`)
		ann.await(t, protocol.TypeError)
		require.Empty(t, n.meter.taken(), data)
	}
}

func TestCallStateOfARoomWithoutSessions(t *testing.T) {
	n := start(t, signaling.Config{})
	require.Equal(t, protocol.CallState{
		Participants: []protocol.CallParticipant{}, RoomState: protocol.CallIdle,
	}, n.state(t))
	ann := n.open(t, 1)
	require.Equal(t, protocol.CallConnecting, n.state(t).RoomState)
	require.NoError(t, ann.conn.Close(websocket.StatusNormalClosure, ""))
	require.Eventually(t, func() bool { return n.state(t).RoomState == protocol.CallIdle }, patience, time.Millisecond)
}

func TestCallStateWhenNobodyWaits(t *testing.T) {
	n := start(t, signaling.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	held := make(chan struct{})
	n.hub.In(roomID, func(*room.Room) { <-held })
	_, err := n.calls.CallState(ctx, roomID)
	close(held)
	require.ErrorIs(t, err, context.Canceled)
}

// Each peer is told of ICE servers of its own, with the time they are good for.
func TestICEServersAreThePeersOwn(t *testing.T) {
	expires := protocol.At(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	n := start(t, signaling.Config{ICEServers: func(userID int64) protocol.ICEServers {
		return protocol.ICEServers{
			ICEServers: []protocol.ICEServer{{
				URLs: []string{"turn:turn.example.com"}, Username: fmt.Sprintf("u%d", userID), Credential: "c",
			}},
			ExpiresAt: &expires,
		}
	}})
	for _, id := range []int64{1, 2} {
		k := n.open(t, id)
		k.send(t, `{"type":"join_call"}`)
		var joined struct {
			ICEServers json.RawMessage `json:"ice_servers"`
			ExpiresAt  string          `json:"expires_at"`
		}
		require.NoError(t, json.Unmarshal(k.await(t, protocol.TypeCallJoined), &joined))
		require.JSONEq(t, fmt.Sprintf(`[{"urls":["turn:turn.example.com"],"username":"u%d","credential":"c"}]`, id),
			string(joined.ICEServers))
		require.Equal(t, "2030-01-02T03:04:05.000Z", joined.ExpiresAt)
	}
}

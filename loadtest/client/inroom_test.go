package client_test

import (
	"context"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

func TestFramesThatNameTheirRoom(t *testing.T) {
	got := make(chan string, 2)
	k := dialed(t, func(ctx context.Context, c *websocket.Conn) {
		for range 2 {
			_, b, _ := c.Read(ctx)
			got <- string(b)
		}
	})
	require.NoError(t, k.Send(within(t), protocol.TypeTyping, client.InRoom{RoomID: 7, Data: map[string]string{"note": "x"}}))
	require.JSONEq(t, `{"type":"typing","room_id":7,"data":{"note":"x"}}`, <-got)
	require.NoError(t, k.Send(within(t), protocol.TypeJoinCall, client.InRoom{RoomID: 8}))
	require.JSONEq(t, `{"type":"join_call","room_id":8}`, <-got)
}

// After a return each place to which something was under way is asked, with a frame
// that changes nothing there, before anything is sent again.
func TestEachPlaceIsAskedForWhatArrived(t *testing.T) {
	s := newResuming(t)
	k := s.open(t, client.SessionConfig{Comeback: client.OnDemand, Ack: true})
	s.set(func() { s.deaf = true })
	types := []protocol.Type{protocol.TypeSubscribe, protocol.TypeChatMessage, protocol.TypeSignal, protocol.TypeSignal, protocol.TypeSignal}
	for i, data := range []any{
		nil, client.InRoom{RoomID: 7}, client.InRoom{RoomID: 7}, client.InRoom{RoomID: 7}, client.InRoom{RoomID: 8},
	} {
		require.NoError(t, k.Post(types[i], data))
	}
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.missed == len(types)
	}, 30*time.Second, time.Millisecond)
	k.Socket().Cut()
	s.set(func() { s.deaf = false })
	_, err := k.Return(within(t))
	require.NoError(t, err)
	_, err = k.Request(within(t), "last", nil)
	require.NoError(t, err)
	got, _ := s.seen()
	want := []string{"ping", "typing", "peer_state", "peer_state"}
	for _, typ := range append(types, "last") {
		want = append(want, string(typ))
	}
	require.Equal(t, want, got)
}

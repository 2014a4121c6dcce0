package client_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// dialed opens a socket to a server that does as play says with its end.
func dialed(t *testing.T, play func(ctx context.Context, c *websocket.Conn)) *client.Socket {
	t.Helper()
	done := make(chan struct{})
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(done)
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return // the client sees it
		}
		defer func() { _ = c.CloseNow() }()
		play(context.WithoutCancel(r.Context()), c)
	})
	k, err := (&client.User{Server: s, Token: "pt_1"}).Open(within(t), "/ws/room/1/")
	require.NoError(t, err)
	t.Cleanup(func() {
		k.Cut()
		<-done
	})
	return k
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func say(ctx context.Context, c *websocket.Conn, frames ...string) {
	for _, f := range frames {
		_ = c.Write(ctx, websocket.MessageText, []byte(f))
	}
}

func TestFramesComeInOrderAndThenTheEnd(t *testing.T) {
	k := dialed(t, func(ctx context.Context, c *websocket.Conn) {
		say(ctx, c, `{"type":"welcome","data":{"node":"n"}}`, `{"type":"typing","room_id":1,"data":{}}`, `{"type":"pong"}`)
		_ = c.Close(4410, "room deleted")
	})
	f, err := k.Await(within(t), protocol.TypeTyping)
	require.NoError(t, err)
	require.EqualValues(t, 1, f.RoomID)
	require.JSONEq(t, `{"type":"typing","room_id":1,"data":{}}`, string(f.Raw))
	f, err = k.Next(within(t))
	require.NoError(t, err)
	require.Equal(t, protocol.TypePong, f.Type)

	_, err = k.Next(within(t))
	require.Error(t, err)
	_, err = k.Await(within(t), protocol.TypeAck)
	require.ErrorContains(t, err, "waiting for ack")
	code, err := k.CloseCode(within(t))
	require.NoError(t, err)
	require.Equal(t, protocol.CloseRoomDeleted, code)
}

// Answers find their requests in whatever order they come, and others' frames
// wait for Next.
func TestAnswersFindTheirRequests(t *testing.T) {
	k := dialed(t, func(ctx context.Context, c *websocket.Conn) {
		for range 2 {
			_, _, _ = c.Read(ctx)
		}
		say(ctx, c,
			`{"type":"error","id":"2","data":{"code":"room_full","message":"full","temporary":false}}`,
			`{"type":"user_joined","data":{}}`,
			`{"type":"ack","id":"1","data":{"seq":9}}`)
		_, _, _ = c.Read(ctx)
	})
	first := make(chan client.Frame, 1)
	sent := make(chan struct{})
	go func() {
		defer close(first)
		close(sent)
		f, err := k.Request(context.WithoutCancel(t.Context()), protocol.TypeChatMessage, map[string]string{"content": "x"})
		if err == nil {
			first <- f
		}
	}()
	<-sent
	_, err := k.Request(within(t), protocol.TypeJoinCall, nil)
	ack, ok := <-first

	// Which of the two was numbered 1 is for the scheduler to say.
	var full *client.FrameError
	if ok {
		require.ErrorAs(t, err, &full)
		require.Equal(t, protocol.CodeRoomFull, full.Code)
		require.Equal(t, "room_full: full", full.Error())
		var ref protocol.MessageRef
		require.NoError(t, ack.Into(&ref))
		require.EqualValues(t, 9, ref.Seq)
	} else {
		require.NoError(t, err)
	}
	f, err := k.Next(within(t))
	require.NoError(t, err)
	require.Equal(t, protocol.TypeUserJoined, f.Type)
}

func TestRequestThatIsNeverAnswered(t *testing.T) {
	k := dialed(t, func(ctx context.Context, c *websocket.Conn) { _, _, _ = c.Read(ctx); _ = c.CloseNow() })
	_, err := k.Request(within(t), protocol.TypePing, nil)
	require.Error(t, err)
	_, err = k.CloseCode(within(t))
	require.Error(t, err, "lost without a close frame")
	<-k.Done()
	require.Error(t, k.Err())
}

func TestContextBoundsEveryWait(t *testing.T) {
	k := dialed(t, func(ctx context.Context, c *websocket.Conn) {
		for {
			if _, _, err := c.Read(ctx); err != nil {
				return
			}
		}
	})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := k.Next(ended)
	require.ErrorIs(t, err, context.Canceled)
	_, err = k.CloseCode(ended)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, k.Err(), "the socket is as it was")
	require.NoError(t, k.Send(within(t), protocol.TypePing, nil))
	require.NoError(t, k.Close())
}

func TestFramesThatAreNotJSONEndTheSocket(t *testing.T) {
	k := dialed(t, func(ctx context.Context, c *websocket.Conn) {
		say(ctx, c, "hello")
		_, _, _ = c.Read(ctx)
	})
	_, err := k.Next(within(t))
	require.ErrorContains(t, err, "invalid character")
}

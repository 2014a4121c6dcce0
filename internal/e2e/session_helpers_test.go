package e2e

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"syscall"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// bothKinds opens a chat and a call socket and reads what they begin with.
func (c *chatting) bothKinds(t *testing.T) []*client.Socket {
	t.Helper()
	chat, call := c.joined(t, 0), openCall(t, c.users[0], c.room.ID)
	await[protocol.CallState](t, chat, protocol.TypeCallState)
	await[protocol.CallState](t, call, protocol.TypeCallState)
	return []*client.Socket{chat, call}
}

// drained returns the frames that are there before the next pong.
func drained(t *testing.T, k *client.Socket) (all []client.Frame) {
	t.Helper()
	require.NoError(t, k.SendRaw(within(t), []byte(`{"type":"ping","id":"drained"}`)))
	for {
		f, err := k.Next(within(t))
		require.NoError(t, err)
		if f.Type == protocol.TypePong {
			return all
		}
		all = append(all, f)
	}
}

// untilClosed returns the frames up to the server's close frame.
func untilClosed(t *testing.T, k *client.Socket) (all []client.Frame) {
	t.Helper()
	for {
		f, err := k.Next(within(t))
		if err != nil {
			require.NotEqual(t, websocket.StatusCode(-1), websocket.CloseStatus(err), "%v", err)
			return all
		}
		all = append(all, f)
	}
}

// bare opens a chat socket that is read by nobody but the test.
func (c *chatting) bare(t *testing.T, i int) *websocket.Conn {
	t.Helper()
	conn, _, err := c.dialBare(t, i, c.socket(""), nil)
	require.NoError(t, err)
	return conn
}

// dialBare opens a WebSocket as the i-th user, through hc if that is not nil.
func (c *chatting) dialBare(t *testing.T, i int, path string, hc *http.Client) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	return dialWith(t, c.node, path, &websocket.DialOptions{
		HTTPClient: hc,
		HTTPHeader: http.Header{"Authorization": {"Token " + c.users[i].Token}},
	})
}

func dialWith(t *testing.T, n *node, path string, opts *websocket.DialOptions) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	conn, res, err := websocket.Dial(within(t), "ws"+n.Base[len("http"):]+path, opts)
	if conn != nil {
		conn.SetReadLimit(1 << 20)
		t.Cleanup(func() { _ = conn.CloseNow() })
	}
	return conn, res, err
}

// narrow is an HTTP client whose connections take in little that is not read.
func narrow(t *testing.T) *http.Client {
	t.Helper()
	d := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		var err error
		return errors.Join(c.Control(func(fd uintptr) {
			err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 64<<10)
		}), err)
	}}
	tr := &http.Transport{DialContext: d.DialContext}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// bareCode reads until the server closes and returns its code.
func bareCode(t *testing.T, conn *websocket.Conn) websocket.StatusCode {
	t.Helper()
	for {
		if _, _, err := conn.Read(within(t)); err != nil {
			require.NotEqual(t, websocket.StatusCode(-1), websocket.CloseStatus(err), "lost without a close frame: %v", err)
			return websocket.CloseStatus(err)
		}
	}
}

// bareReader reads frames one at a time: what it does not ask for waits in the
// kernel, and then at the server.
type bareReader struct{ conn *websocket.Conn }

func newBareReader(conn *websocket.Conn) bareReader { return bareReader{conn} }

func (r bareReader) next(t *testing.T) client.Frame {
	t.Helper()
	_, b, err := r.conn.Read(within(t))
	require.NoError(t, err)
	f := client.Frame{Raw: b}
	require.NoError(t, json.Unmarshal(b, &f))
	return f
}

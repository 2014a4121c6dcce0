package room_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// peer is a client's end of a socket.
type peer struct {
	t    testing.TB
	conn *websocket.Conn
}

type frame struct {
	Type   protocol.Type   `json:"type"`
	ID     *string         `json:"id"`
	RoomID int64           `json:"room_id"`
	Data   json.RawMessage `json:"data"`
}

// dial connects as the query says.
func (n *node) dial(query string) *peer {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+n.addr+"/?"+query, nil)
	require.NoError(n.t, err)
	conn.SetReadLimit(-1)
	n.t.Cleanup(func() { _ = conn.CloseNow() })
	return &peer{n.t, conn}
}

// enter is dial for a peer that is welcomed.
func (n *node) enter(query string) *peer {
	n.t.Helper()
	p := n.dial(query)
	require.Equal(n.t, protocol.TypeWelcome, p.read().Type)
	return p
}

func (p *peer) read() (f frame) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, b, err := p.conn.Read(ctx)
	require.NoError(p.t, err)
	require.NoError(p.t, json.Unmarshal(b, &f), "%s", b)
	return f
}

func (p *peer) send(text string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(p.t, p.conn.Write(ctx, websocket.MessageText, []byte(text)))
}

// ask sends and reads one frame.
func (p *peer) ask(text string) frame {
	p.t.Helper()
	p.send(text)
	return p.read()
}

// alive requires that the socket is open and that nothing came unread.
func (p *peer) alive() {
	p.t.Helper()
	f := p.ask(`{"type":"ping","id":"alive"}`)
	require.Equal(p.t, protocol.TypePong, f.Type, "unexpected: %s %s", f.Type, f.Data)
}

// code reads to the end and returns the close code.
func (p *peer) code() protocol.CloseCode {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		if _, _, err := p.conn.Read(ctx); err != nil {
			require.NotEqual(p.t, websocket.StatusCode(-1), websocket.CloseStatus(err), "no close frame: %v", err)
			return protocol.CloseCode(websocket.CloseStatus(err))
		}
	}
}

package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/protocol"
)

// Two members of a room, one of whom negotiated compression, read the same.
func TestCompressionIsNegotiatedWhereItIsOn(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, func(cfg *configs.Config) { cfg.Edge.Deflate = []string{"chat"} }), "ann", "bob")
	dial := func(i int, path string, mode websocket.CompressionMode) (*websocket.Conn, string) {
		conn, res, err := dialWith(t, c.node, path, &websocket.DialOptions{
			HTTPHeader:      http.Header{"Authorization": {"Token " + c.users[i].Token}},
			CompressionMode: mode, CompressionThreshold: 1,
		})
		require.NoError(t, err)
		return conn, res.Header.Get("Sec-WebSocket-Extensions")
	}
	const agreed = "permessage-deflate;server_no_context_takeover;client_no_context_takeover"
	ann, got := dial(0, c.socket(""), websocket.CompressionNoContextTakeover)
	require.Equal(t, agreed, got)
	bob, got := dial(1, c.socket(""), websocket.CompressionDisabled)
	require.Empty(t, got)
	call, got := dial(0, strings.Replace(c.socket(""), "/ws/room/", "/ws/call/", 1), websocket.CompressionNoContextTakeover)
	require.Empty(t, got, "only chat was switched on")
	require.NoError(t, call.CloseNow())

	content := strings.Repeat("again and ", 100) + "again"
	frame, err := json.Marshal(map[string]any{"type": "chat_message", "data": map[string]string{"content": content}})
	require.NoError(t, err)
	require.NoError(t, ann.Write(within(t), websocket.MessageText, frame))
	for name, conn := range map[string]*websocket.Conn{"ann": ann, "bob": bob} {
		for {
			_, b, err := conn.Read(within(t))
			require.NoError(t, err, name)
			var f struct {
				Type protocol.Type
				Data protocol.Message
			}
			require.NoError(t, json.Unmarshal(b, &f))
			if f.Type == protocol.TypeChatMessage {
				require.Equal(t, content, f.Data.Content, name)
				break
			}
		}
	}
}

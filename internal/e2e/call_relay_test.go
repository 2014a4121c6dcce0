package e2e

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func relayed() []protocol.Type {
	return []protocol.Type{protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate, protocol.TypeSignal}
}

func TestRelayReachesItsTargetOnly(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob", "cid")
	ann, bob, cid := callers[0], callers[1], callers[2]
	for _, typ := range relayed() {
		for name, target := range map[string]map[string]any{
			"user":                {"target_user_id": bob.id()},
			"peer":                {"target_peer_id": bob.peerID},
			"both, peer wins":     {"target_peer_id": bob.peerID, "target_user_id": cid.id()},
			"user, peer is null":  {"target_peer_id": nil, "target_user_id": bob.id()},
			"user, peer is empty": {"target_peer_id": "", "target_user_id": bob.id()},
		} {
			target["note"] = name
			d := request[protocol.Delivery](t, ann.Socket, typ, target)
			require.Equal(t, protocol.Delivered, d.Delivery)
			stamp := ""
			if typ != protocol.TypeSignal {
				require.Positive(t, d.Epoch)
				stamp = fmt.Sprintf(`"from_epoch":%d,`, d.Epoch)
			}
			f, err := bob.Next(within(t))
			require.NoError(t, err)
			require.Equal(t, typ, f.Type)
			require.Equal(t, room.ID, f.RoomID)
			require.Empty(t, f.ID, "an id is between a client and the server")
			require.JSONEq(t, `{"from_user_id":`+idText(ann.id())+`,"from_username":"ann","from_peer_id":"`+
				ann.peerID+`",`+stamp+`"note":"`+name+`"}`, string(f.Data))
		}
	}
	quiet(t, ann.Socket, bob.Socket, cid.Socket)
}

func TestRelayWithoutTargetReachesAllOthers(t *testing.T) {
	n := startNode(t)
	_, callers := gather(t, n, "ann", "bob", "cid", "dan")
	for _, typ := range relayed() {
		for _, from := range callers {
			d := request[protocol.Delivery](t, from.Socket, typ, map[string]any{"target_user_id": nil, "n": 1})
			require.Equal(t, protocol.Delivered, d.Delivery)
			for _, to := range callers {
				if to != from {
					got := next[map[string]any](t, to.Socket, typ)
					require.Equal(t, from.peerID, got["from_peer_id"])
				}
			}
		}
	}
	for _, c := range callers {
		quiet(t, c.Socket)
	}
}

func TestRelayWithoutAnybodyElse(t *testing.T) {
	n := startNode(t)
	_, callers := gather(t, n, "ann")
	d := request[protocol.Delivery](t, callers[0].Socket, protocol.TypeSignal, nil)
	require.Equal(t, protocol.Delivered, d.Delivery)
	quiet(t, callers[0].Socket)
}

func TestRelayWithoutIDIsNotAcknowledged(t *testing.T) {
	n := startNode(t)
	_, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	require.NoError(t, ann.Send(within(t), protocol.TypeOffer, map[string]any{"target_peer_id": bob.peerID}))
	next[struct{}](t, bob.Socket, protocol.TypeOffer)
	quiet(t, ann.Socket)

	require.NoError(t, ann.Send(within(t), protocol.TypeOffer, map[string]any{"target_peer_id": "nobody"}))
	e := next[protocol.ErrorData](t, ann.Socket, protocol.TypeError)
	require.Equal(t, protocol.CodePeerNotFound, e.Code, "errors always answer")
}

func TestRelayToNobodyIsPeerNotFound(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	eve := signUp(t, n.Server, "eve")[0]
	require.NoError(t, eve.JoinRoom(within(t), room.ID))
	connecting := callSocket(t, eve, room.ID)
	catchUp(t, ann.Socket, bob.Socket)

	for name, target := range map[string]map[string]any{
		"unknown user":            {"target_user_id": 1 << 40},
		"unknown peer":            {"target_peer_id": "nobody"},
		"unknown peer, good user": {"target_peer_id": "nobody", "target_user_id": bob.id()},
		"oneself by user":         {"target_user_id": ann.id()},
		"oneself by peer":         {"target_peer_id": ann.peerID},
		"one that has not joined": {"target_user_id": eve.Account.ID},
	} {
		for _, typ := range relayed() {
			e := refusal(t, ann.Socket, typ, target)
			require.Equal(t, protocol.CodePeerNotFound, e.Code, name)
			require.False(t, e.Temporary)
		}
	}
	quiet(t, ann.Socket, bob.Socket, connecting.Socket)

	for _, typ := range relayed() {
		require.Equal(t, protocol.CodeNotInCall,
			refused(t, connecting.Socket, typ, map[string]any{"target_user_id": bob.id()}))
		require.Equal(t, protocol.CodeNotInCall, refused(t, connecting.Socket, typ, nil))
	}
	quiet(t, ann.Socket, bob.Socket, connecting.Socket)
}

func TestCallFramesThatAreNotUnderstood(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	for _, c := range []struct {
		frame string
		code  protocol.Code
		about string // the field that is named
	}{
		{`{"type":"offer","data":{"target_user_id":"2"}}`, protocol.CodeValidation, "target_user_id"},
		{`{"type":"offer","data":{"target_user_id":2.5}}`, protocol.CodeValidation, "target_user_id"},
		{`{"type":"offer","data":{"target_user_id":0}}`, protocol.CodeValidation, "target_user_id"},
		{`{"type":"offer","data":{"target_user_id":-1}}`, protocol.CodeValidation, "target_user_id"},
		{`{"type":"offer","data":{"target_user_id":9007199254740992}}`, protocol.CodeValidation, "target_user_id"},
		{`{"type":"offer","data":{"target_user_id":true}}`, protocol.CodeValidation, "target_user_id"},
		{`{"type":"offer","data":{"target_peer_id":7}}`, protocol.CodeValidation, "target_peer_id"},
		{`{"type":"offer","data":{"target_peer_id":["p"]}}`, protocol.CodeValidation, "target_peer_id"},
		{`{"type":"offer","data":[]}`, protocol.CodeValidation, "data"},
		{`{"type":"offer","data":"v=0"}`, protocol.CodeValidation, "data"},
		{`{"type":"offer","room_id":` + idText(room.ID+1) + `}`, protocol.CodeValidation, "room_id"},
		{`{"type":"offer","room_id":"1"}`, protocol.CodeValidation, "room_id"},
		{`{"type":7}`, protocol.CodeValidation, "type"},
		{`{}`, protocol.CodeValidation, "type"},
		{`{"type":"hang_up"}`, protocol.CodeUnknownType, ""},
		{`{"type":""}`, protocol.CodeUnknownType, ""},
		{`{"type":"user_joined"}`, protocol.CodeUnknownType, ""},
		{`{"type":"offer","data":{"sdp":1e}}`, protocol.CodeInvalidJSON, ""},
		{`{"type":"offer"}{}`, protocol.CodeInvalidJSON, ""},
		{`["offer"]`, protocol.CodeInvalidJSON, ""},
		{``, protocol.CodeInvalidJSON, ""},
	} {
		require.NoError(t, ann.SendRaw(within(t), []byte(c.frame)))
		e := next[protocol.ErrorData](t, ann.Socket, protocol.TypeError)
		require.Equal(t, c.code, e.Code, c.frame)
		if c.about != "" {
			require.Len(t, e.Errors, 1, c.frame)
			require.Equal(t, c.about, e.Errors[0].Field, c.frame)
		}
	}
	quiet(t, ann.Socket, bob.Socket)

	right := `{"type":"offer","room_id":` + idText(room.ID) + `,"id":"\u0061b","data":null,"more":1}`
	require.NoError(t, ann.SendRaw(within(t), []byte(right)))
	f, err := ann.Next(within(t))
	require.NoError(t, err)
	require.Equal(t, protocol.TypeAck, f.Type, "the socket is as good as before")
	require.Equal(t, "ab", f.ID)
}

func TestChatFramesDoNotBelongOnCallSockets(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann")
	chat := watch(t, callers[0].user, room.ID)
	for _, typ := range []protocol.Type{
		protocol.TypeChatMessage, protocol.TypeTyping, protocol.TypeMessageRead,
		protocol.TypeMarkRoomAsRead, protocol.TypeMessageEdit, protocol.TypeMessageDelete,
	} {
		require.Equal(t, protocol.CodeUnknownType,
			refused(t, callers[0].Socket, typ, map[string]any{"content": "hello", "message_id": 1}))
	}
	for _, typ := range append(relayed(), protocol.TypeJoinCall, protocol.TypeLeaveCall, protocol.TypePeerState) {
		require.Equal(t, protocol.CodeUnknownType, refused(t, chat, typ, nil), "nor the other way round")
	}
	quiet(t, callers[0].Socket, chat)
}

func TestPingOnACallSocket(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann")
	require.NoError(t, callers[0].SendRaw(within(t), []byte(`{"type":"ping","id":"x"}`)))
	f, err := callers[0].Next(within(t))
	require.NoError(t, err)
	require.Equal(t, `{"type":"pong","id":"x","room_id":`+idText(room.ID)+`,"data":{}}`, string(f.Raw))
	quiet(t, callers[0].Socket)
}

func TestBinaryOnACallSocket(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann")
	room := meet(t, users...)
	conn, _, err := websocket.Dial(within(t), "ws"+n.Base[len("http"):]+"/ws/call/"+idText(room.ID)+"/?token="+users[0].Token, nil)
	require.NoError(t, err)
	defer func() { _ = conn.CloseNow() }()
	require.NoError(t, conn.Write(within(t), websocket.MessageBinary, []byte(`{"type":"ping"}`)))
	for err == nil {
		_, _, err = conn.Read(within(t))
	}
	require.Equal(t, websocket.StatusUnsupportedData, websocket.CloseStatus(err))
}

// What the server adds is JSON too, whatever a user is called.
func TestRelayNamesItsSender(t *testing.T) {
	n := startNode(t)
	_, callers := gather(t, n, "Ann-Marie_2", "bob")
	request[protocol.Delivery](t, callers[0].Socket, protocol.TypeSignal, map[string]any{"mute": true})
	f, err := callers[1].Next(within(t))
	require.NoError(t, err)
	var got struct {
		From string `json:"from_username"`
		Mute bool   `json:"mute"`
	}
	require.NoError(t, json.Unmarshal(f.Data, &got))
	require.Equal(t, "Ann-Marie_2", got.From)
	require.True(t, got.Mute)
}

package docs_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// TestFrameExamples checks each example below a frame's heading: it is such a
// frame, it has the members that the code has, and no others.
func TestFrameExamples(t *testing.T) {
	d := read(t, apiFile)
	for _, side := range []struct {
		chapter string
		types   []protocol.Type
		check   func(*testing.T, protocol.Type, []byte)
	}{
		{"Frames from the client", protocol.ClientTypes(), checkClientFrame},
		{"Frames from the server", protocol.ServerTypes(), checkServerFrame},
	} {
		examples := map[protocol.Type]int{}
		for _, f := range d.fences {
			typ, ok := frameOf(f.section())
			if !ok || len(f.in) < 2 || f.in[1] != side.chapter {
				continue
			}
			examples[typ]++
			t.Run(side.chapter+" "+string(typ), func(t *testing.T) { side.check(t, typ, []byte(f.body)) })
		}
		for _, typ := range side.types {
			require.Positive(t, examples[typ], "%s: %s has no example", side.chapter, typ)
		}
	}
}

// checkClientFrame reads an example as the server does.
func checkClientFrame(t *testing.T, typ protocol.Type, example []byte) {
	e, err := protocol.Decode(bytes.TrimSpace(example))
	require.NoError(t, err)
	require.Equal(t, typ, e.Type)
	if relayed(typ) {
		_, err := e.Target()
		require.NoError(t, err)
		return
	}
	strictly(t, e.Data, clientPayload(typ))
}

// checkServerFrame wants the very members that the server sends.
func checkServerFrame(t *testing.T, typ protocol.Type, example []byte) {
	var frame struct {
		Type   protocol.Type   `json:"type"`
		ID     string          `json:"id"`
		RoomID int64           `json:"room_id"`
		Data   json.RawMessage `json:"data"`
	}
	strictly(t, example, &frame)
	require.Equal(t, typ, frame.Type)
	require.Equal(t, typ == protocol.TypeAck || typ == protocol.TypeError || typ == protocol.TypePong, frame.ID != "", "id")
	ofNoRoom := []protocol.Type{protocol.TypeWelcome, protocol.TypeReconnect, protocol.TypeDegraded}
	require.Equal(t, !slices.Contains(ofNoRoom, typ), frame.RoomID != 0, "room_id")
	if relayed(typ) {
		var from struct {
			UserID   int64  `json:"from_user_id"`
			Username string `json:"from_username"`
			PeerID   string `json:"from_peer_id"`
			Epoch    int64  `json:"from_epoch"`
		}
		require.NoError(t, json.Unmarshal(frame.Data, &from))
		require.NotZero(t, from.UserID)
		require.NotEmpty(t, from.Username)
		require.NotEmpty(t, from.PeerID)
		require.Equal(t, typ != protocol.TypeSignal, from.Epoch > 0, "from_epoch")
		return
	}
	payload := serverPayload(typ)
	strictly(t, frame.Data, payload)
	again, err := json.Marshal(payload)
	require.NoError(t, err)
	require.JSONEq(t, string(again), string(frame.Data), "the example lacks members that are always sent")
}

func strictly(t *testing.T, data []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(into), "%s", strings.TrimSpace(string(data)))
}

func relayed(typ protocol.Type) bool {
	switch typ {
	case protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate, protocol.TypeSignal:
		return true
	default:
		return false
	}
}

func clientPayload(typ protocol.Type) any {
	switch typ {
	case protocol.TypeChatMessage:
		return &protocol.SendMessage{}
	case protocol.TypeTyping:
		return &protocol.SendTyping{}
	case protocol.TypeMessageRead:
		return &protocol.SendRead{}
	case protocol.TypeMessageEdit:
		return &protocol.SendEdit{}
	case protocol.TypeMessageDelete:
		return &protocol.SendDelete{}
	case protocol.TypePeerState:
		return &protocol.PeerState{}
	case protocol.TypeReceived:
		return &protocol.Received{}
	case protocol.TypeSubscribe, protocol.TypeUnsubscribe:
		return &protocol.Subscribe{}
	case protocol.TypeCallInvite:
		return &protocol.SendInvite{}
	case protocol.TypeCallAccept, protocol.TypeCallDecline, protocol.TypeCallCancel:
		return &protocol.InviteRef{}
	default:
		return &protocol.Empty{}
	}
}

func serverPayload(typ protocol.Type) any {
	switch typ {
	case protocol.TypeWelcome:
		return &protocol.Welcome{}
	case protocol.TypeAck: // the example is that of a chat_message
		return &protocol.MessageRef{}
	case protocol.TypeError:
		return &protocol.ErrorData{}
	case protocol.TypeReconnect:
		return &protocol.Reconnect{}
	case protocol.TypeDegraded:
		return &protocol.Degraded{}
	case protocol.TypeUnsubscribed:
		return &protocol.Unsubscribed{}
	case protocol.TypeChatMessage, protocol.TypeMessageEdit, protocol.TypeMessageDelete:
		return &protocol.Message{}
	case protocol.TypeTyping:
		return &protocol.Typing{}
	case protocol.TypeMessageRead:
		return &protocol.MessageRead{}
	case protocol.TypePresenceState:
		return &protocol.PresenceState{}
	case protocol.TypeUserOnline, protocol.TypeUserOffline:
		return &protocol.PresenceChange{}
	case protocol.TypeCallJoined:
		return &protocol.CallJoined{}
	case protocol.TypeUserJoined:
		return &protocol.UserJoined{}
	case protocol.TypeUserLeft:
		return &protocol.UserLeft{}
	case protocol.TypeCallState:
		return &protocol.CallState{}
	case protocol.TypeSignalExpired:
		return &protocol.SignalExpired{}
	case protocol.TypeICEServers:
		return &protocol.ICEServers{}
	case protocol.TypeRoomAdded:
		return &protocol.RoomAdded{}
	case protocol.TypeRoomRemoved:
		return &protocol.RoomRemoved{}
	case protocol.TypeUnread:
		return &protocol.Unread{}
	case protocol.TypeIncomingCall:
		return &protocol.IncomingCall{}
	case protocol.TypeCallAccept, protocol.TypeCallDecline:
		return &protocol.InviteAnswer{}
	case protocol.TypeCallCancel:
		return &protocol.InviteRef{}
	case protocol.TypeCallAnsweredElsewhere:
		return &protocol.AnsweredElsewhere{}
	case protocol.TypeCallMissed:
		return &protocol.MissedCall{}
	default:
		return &protocol.Empty{}
	}
}

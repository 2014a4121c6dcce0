package protocol_test

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func serverFrames() []frame {
	return slices.Concat(sessionFrames(), chatFrames(), callFrames(), inboxFrames(), ringFrames())
}

func TestServerFrames(t *testing.T) {
	for _, f := range serverFrames() {
		t.Run(f.name, func(t *testing.T) {
			var id protocol.ID
			if f.id != "" {
				id = protocol.ID(f.id)
			}
			got := protocol.AppendReply(nil, f.typ, id, f.room, f.data)
			requireGolden(t, "server_"+f.name, got)
			if id == nil {
				require.Equal(t, string(got), string(protocol.Append(nil, f.typ, f.room, f.data)), "Append differs from AppendReply without id")
			}
			readsBack(t, f, got)
		})
	}
}

// readsBack decodes a frame as a client would and expects the same payload.
func readsBack(t *testing.T, f frame, encoded []byte) {
	t.Helper()
	var envelope struct {
		Type   protocol.Type   `json:"type"`
		ID     json.RawMessage `json:"id"`
		RoomID int64           `json:"room_id"`
		Data   json.RawMessage `json:"data"`
	}
	require.NoError(t, json.Unmarshal(encoded, &envelope))
	require.Equal(t, f.typ, envelope.Type)
	require.Equal(t, f.id, string(envelope.ID))
	require.Equal(t, f.room, envelope.RoomID)
	back := reflect.New(reflect.TypeOf(f.data))
	require.NoError(t, json.Unmarshal(envelope.Data, back.Interface()))
	require.Equal(t, f.data, back.Elem().Interface())
}

// TestRelayedFrames sends the frames of client_*.json on to a peer.
func TestRelayedFrames(t *testing.T) {
	from := protocol.NewSender(ann(), "p-1")
	for _, typ := range relayedTypes() {
		t.Run(string(typ), func(t *testing.T) {
			e, err := protocol.Decode(golden(t, "client_"+string(typ)))
			require.NoError(t, err)
			requireGolden(t, "server_"+string(typ), protocol.AppendRelay(nil, 3, from, epochOf(typ), &e))
		})
	}
}

// epochOf is the epoch of the golden frames: signals have none.
func epochOf(typ protocol.Type) int64 {
	if typ == protocol.TypeSignal {
		return 0
	}
	return 12
}

func relayedTypes() []protocol.Type {
	return []protocol.Type{protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate, protocol.TypeSignal}
}

func TestRESTPayloads(t *testing.T) {
	for name, payload := range restPayloads() {
		t.Run(name, func(t *testing.T) {
			got, err := json.Marshal(payload)
			require.NoError(t, err)
			requireGolden(t, "rest_"+name, got)
			back := reflect.New(reflect.TypeOf(payload))
			require.NoError(t, json.Unmarshal(got, back.Interface()))
			require.Equal(t, payload, back.Elem().Interface())
		})
	}
}

// TestClientFrames reads the files client_*.json, which are written by hand.
func TestClientFrames(t *testing.T) {
	ms, since := 412.5, int64(12)
	target, lifetime := int64(42), int64(45_000)
	content, edit := "Shall we call? <b>Müller</b> & co. are in 🎥", "Shall we call now?"
	for _, c := range []struct {
		typ  protocol.Type
		id   string
		room int64
		into any
		want any
	}{
		{protocol.TypePing, `"1"`, 0, &protocol.Empty{}, &protocol.Empty{}},
		{protocol.TypeReceived, "", 0, &protocol.Received{}, &protocol.Received{N: 50}},
		{protocol.TypeSubscribe, `"s-1"`, 0, &protocol.Subscribe{}, &protocol.Subscribe{RoomID: 7, Channel: protocol.ChannelChat, SinceSeq: &since}},
		{protocol.TypeUnsubscribe, `"s-2"`, 7, &protocol.Subscribe{}, &protocol.Subscribe{Channel: protocol.ChannelCall}},
		{protocol.TypeChatMessage, `"c-17"`, 0, &protocol.SendMessage{}, &protocol.SendMessage{Content: &content, ClientMsgID: "0198c7c0-8f6e-7c3a-9d57-3f2f6a1f0b11"}},
		{protocol.TypeTyping, "", 0, &protocol.SendTyping{}, &protocol.SendTyping{Note: "…"}},
		{protocol.TypeMessageRead, `"2"`, 7, &protocol.SendRead{}, &protocol.SendRead{MessageID: 501}},
		{protocol.TypeMarkRoomAsRead, `"3"`, 0, &protocol.Empty{}, &protocol.Empty{}},
		{protocol.TypeMessageEdit, `"4"`, 0, &protocol.SendEdit{}, &protocol.SendEdit{MessageID: 501, Content: &edit}},
		{protocol.TypeMessageDelete, `"5"`, 0, &protocol.SendDelete{}, &protocol.SendDelete{MessageID: 501}},
		{protocol.TypeJoinCall, `"6"`, 0, &protocol.Empty{}, &protocol.Empty{}},
		{protocol.TypeLeaveCall, `"7"`, 0, &protocol.Empty{}, &protocol.Empty{}},
		{protocol.TypeOffer, `"8"`, 0, &protocol.Empty{}, &protocol.Empty{}},
		{protocol.TypeAnswer, `"9"`, 0, &protocol.Empty{}, &protocol.Empty{}},
		{protocol.TypeICECandidate, "", 0, &protocol.Empty{}, &protocol.Empty{}},
		{protocol.TypeSignal, `"1\u0030"`, 0, &protocol.Empty{}, &protocol.Empty{}},
		{protocol.TypePeerState, "", 0, &protocol.PeerState{}, &protocol.PeerState{
			PeerID: "p-2b8e", State: "connected", MS: &ms, LocalCandidateType: "host", RemoteCandidateType: "srflx", Protocol: "udp",
		}},
		{protocol.TypeCallInvite, `"11"`, 3, &protocol.SendInvite{}, &protocol.SendInvite{TargetUserID: &target, LifetimeMS: &lifetime}},
		{protocol.TypeCallAccept, `"12"`, 0, &protocol.InviteRef{}, &protocol.InviteRef{InviteID: "i-1"}},
		{protocol.TypeCallDecline, `"13"`, 0, &protocol.InviteRef{}, &protocol.InviteRef{InviteID: "i-1"}},
		{protocol.TypeCallCancel, `"14"`, 0, &protocol.InviteRef{}, &protocol.InviteRef{InviteID: "i-1"}},
	} {
		t.Run(string(c.typ), func(t *testing.T) {
			e, err := protocol.Decode(golden(t, "client_"+string(c.typ)))
			require.NoError(t, err)
			require.Equal(t, c.typ, e.Type)
			require.Equal(t, c.id, string(e.ID))
			require.Equal(t, c.room, e.RoomID)
			require.NoError(t, protocol.DecodeData(e.Data, c.into))
			require.Equal(t, c.want, c.into)
		})
	}
}

// TestGoldenFilesAreComplete holds the files against the lists of frame types,
// both ways.
func TestGoldenFilesAreComplete(t *testing.T) {
	var server []string
	for _, f := range serverFrames() {
		server = append(server, "server_"+f.name)
	}
	for _, typ := range relayedTypes() {
		server = append(server, "server_"+string(typ))
	}
	for _, e := range errorFrames() {
		server = append(server, "server_"+e.name)
	}
	for _, typ := range protocol.ServerTypes() {
		require.Contains(t, server, "server_"+string(typ), "a frame type has no golden file")
	}
	all := server
	for _, typ := range protocol.ClientTypes() {
		all = append(all, "client_"+string(typ))
	}
	for name := range restPayloads() {
		all = append(all, "rest_"+name)
	}
	files, err := filepath.Glob(filepath.Join(goldenDir, "*"))
	require.NoError(t, err)
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".json")
	}
	require.ElementsMatch(t, all, files, "the tests' cases (first) and the files (second)")
}

package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/bench/swarm"
	"parley/protocol"
)

// decode reads a frame as the server does.
func decode[T any](t *testing.T, payload string) (protocol.Envelope, T) {
	t.Helper()
	e, err := protocol.Decode([]byte(payload))
	require.NoError(t, err, payload)
	var data T
	require.NoError(t, protocol.DecodeData(e.Data, &data), payload)
	return e, data
}

func TestChatFrame(t *testing.T) {
	e, data := decode[protocol.SendMessage](t, chatFrame().Payload())
	require.Equal(t, protocol.TypeChatMessage, e.Type)
	require.JSONEq(t, `"`+swarm.Stamp+`"`, string(e.ID))
	require.Equal(t, swarm.Stamp, data.ClientMsgID)
	require.Len(t, *data.Content, chatChars)
	require.True(t, strings.HasPrefix(*data.Content, swarm.Stamp+" lorem"), *data.Content)
}

func TestFramesWithoutPayload(t *testing.T) {
	for want, f := range map[protocol.Type]*swarm.Template{
		protocol.TypePing: pingFrame(), protocol.TypeJoinCall: joinFrame(),
	} {
		e, _ := decode[struct{}](t, f.Payload())
		require.Equal(t, want, e.Type)
		require.NotNil(t, e.ID)
	}
}

func TestTypingFrame(t *testing.T) {
	e, data := decode[protocol.SendTyping](t, typingFrame().Payload())
	require.Equal(t, protocol.TypeTyping, e.Type)
	require.Nil(t, e.ID, "without an id nothing answers")
	require.Equal(t, swarm.Stamp, data.Note)
}

func TestRelayedFrames(t *testing.T) {
	for want, f := range map[protocol.Type]*swarm.Template{
		protocol.TypeOffer: offerFrame(7), protocol.TypeICECandidate: candidateFrame(7),
	} {
		e, data := decode[relayed](t, f.Payload())
		require.Equal(t, want, e.Type)
		require.NotNil(t, e.ID)
		target, err := e.Target()
		require.NoError(t, err)
		require.Equal(t, protocol.Target{UserID: 7}, target)
		require.Equal(t, swarm.Stamp, data.Stamp)

		from := protocol.NewSender(protocol.User{ID: 1, Username: "bench_x_0"}, "PEER")
		out := protocol.AppendRelay(nil, 1, from, &e)
		require.True(t, json.Valid(out))
		require.Equal(t, strings.Index(string(out), "@"), strings.Index(string(out), swarm.Stamp), "the stamp is found first")
	}
	_, offer := decode[relayed](t, offerFrame(7).Payload())
	require.Len(t, offer.SDP.SDP, sdpBytes)
	_, candidate := decode[relayed](t, candidateFrame(7).Payload())
	require.InDelta(t, 150, len(candidate.Candidate.Candidate), 15)
}

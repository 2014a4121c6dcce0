package main

import (
	"bytes"
	"compress/flate"
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
	for _, chars := range []int{chatChars, deflateSize} {
		e, data := decode[protocol.SendMessage](t, chatFrame(chars, true).Payload())
		require.Equal(t, protocol.TypeChatMessage, e.Type)
		require.JSONEq(t, `"`+swarm.Stamp+`"`, string(e.ID))
		require.Equal(t, swarm.Stamp, data.ClientMsgID)
		require.Len(t, *data.Content, chars)
		require.True(t, strings.HasPrefix(*data.Content, swarm.Stamp+" "), *data.Content)
	}
	e, _ := decode[protocol.SendMessage](t, chatFrame(chatChars, false).Payload())
	require.Nil(t, e.ID)
}

// deflateSize is a message that is worth compressing.
const deflateSize = 1000

func TestProseIsPackedAsTextIs(t *testing.T) {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.DefaultCompression)
	require.NoError(t, err)
	_, err = w.Write([]byte(prose(deflateSize)))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.Greater(t, packed.Len(), deflateSize/4, "more than a repeated phrase comes to")
	require.Less(t, packed.Len(), deflateSize*2/3)
}

func TestJoinFrame(t *testing.T) {
	e, _ := decode[struct{}](t, joinFrame().Payload())
	require.Equal(t, protocol.TypeJoinCall, e.Type)
	require.NotNil(t, e.ID)
}

func TestTypingFrame(t *testing.T) {
	e, data := decode[protocol.SendTyping](t, typingFrame().Payload())
	require.Equal(t, protocol.TypeTyping, e.Type)
	require.Nil(t, e.ID, "without an id nothing answers")
	require.True(t, strings.HasPrefix(data.Note, swarm.Stamp), data.Note)
	require.Len(t, typingFrame().Payload(), payloadBytes)
	require.LessOrEqual(t, len(data.Note), protocol.MaxTypingNote)
}

func TestRelayedFrames(t *testing.T) {
	for want, f := range map[protocol.Type]*swarm.Template{
		protocol.TypeOffer: offerFrame(7, true), protocol.TypeICECandidate: candidateFrame(7, true),
	} {
		e, data := decode[relayed](t, f.Payload())
		require.Equal(t, want, e.Type)
		require.NotNil(t, e.ID)
		target, err := e.Target()
		require.NoError(t, err)
		require.Equal(t, protocol.Target{UserID: 7}, target)
		require.Equal(t, swarm.Stamp, data.Stamp)

		from := protocol.NewSender(protocol.User{ID: 1, Username: "bench_x_0"}, "PEER")
		out := protocol.AppendRelay(nil, 1, from, 1, &e)
		require.True(t, json.Valid(out))
		require.Equal(t, strings.Index(string(out), "@"), strings.Index(string(out), swarm.Stamp), "the stamp is found first")
	}
	e, offer := decode[relayed](t, offerFrame(7, false).Payload())
	require.Len(t, offer.SDP.SDP, sdpBytes)
	require.Nil(t, e.ID, "without an id nothing answers")
	e, candidate := decode[relayed](t, candidateFrame(7, false).Payload())
	require.Nil(t, e.ID)
	require.InDelta(t, 150, len(candidate.Candidate.Candidate), 15)
}

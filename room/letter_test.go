package room_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

func TestLettersArriveAsWritten(t *testing.T) {
	for _, l := range []room.Letter{
		{Body: []byte{}},
		{From: "a.b", RoomID: 1, Channel: protocol.ChannelChat, Kind: 7, Body: []byte(`{"x":1}`)},
		{From: "node~1", RoomID: protocol.MaxID - 1, Channel: protocol.ChannelCall, Kind: 3 | room.Returned, Body: []byte{0, 255}},
	} {
		got, err := room.ReadLetter(l.Encode())
		require.NoError(t, err)
		require.Equal(t, l, got)
	}
}

func FuzzReadLetter(f *testing.F) {
	f.Add([]byte{})
	f.Add(room.Letter{From: "a", RoomID: 300, Channel: "chat", Kind: 2, Body: []byte("body")}.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := room.ReadLetter(b)
		if err != nil {
			return
		}
		again, err := room.ReadLetter(l.Encode())
		require.NoError(t, err)
		require.True(t, bytes.Equal(l.Body, again.Body))
		l.Body, again.Body = nil, nil
		require.Equal(t, l, again)
	})
}

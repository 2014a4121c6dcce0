package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/protocol"
)

func TestWelcomeTellsEverything(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, func(cfg *configs.Config) { cfg.Node.ID = "node-7" }), "ann")
	k := c.joined(t, 0)
	say(t, k, "first")

	again := openChat(t, c.users[0], c.room.ID, "")
	f, err := again.Next(within(t))
	require.NoError(t, err)
	require.Equal(t, protocol.TypeWelcome, f.Type)
	require.Empty(t, f.ID)
	var w map[string]any
	require.NoError(t, f.Into(&w))
	require.Len(t, w["connection_id"], 22)
	require.Equal(t, "node-7", w["node"])
	require.Equal(t, map[string]any{
		"id": float64(c.users[0].Account.ID), "username": "ann", "display_name": "ann",
	}, w["user"])
	require.EqualValues(t, c.room.ID, w["room_id"])
	require.EqualValues(t, 1, w["last_seq"])
	require.EqualValues(t, 25, w["heartbeat_s"])
	require.Equal(t, false, w["resumed"])
	require.Len(t, w["resume_token"], 22)
	require.EqualValues(t, 20, w["resume_window_s"])
	require.IsType(t, []any{}, w["features"])
	for _, feature := range w["features"].([]any) {
		require.IsType(t, "", feature)
	}
}

func TestConnectionIDsDiffer(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	one, two := openChat(t, c.users[0], c.room.ID, ""), openChat(t, c.users[0], c.room.ID, "")
	a := next[protocol.Welcome](t, one, protocol.TypeWelcome)
	b := next[protocol.Welcome](t, two, protocol.TypeWelcome)
	require.NotEqual(t, a.ConnectionID, b.ConnectionID)
}

func TestLastSeqOfAnEmptyRoomIsZero(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	w := next[protocol.Welcome](t, openChat(t, c.users[0], c.room.ID, ""), protocol.TypeWelcome)
	require.NotNil(t, w.LastSeq, "a chat socket's welcome has last_seq")
	require.Zero(t, *w.LastSeq)
}

func TestWelcomeOfACallHasNoLastSeq(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	w := next[protocol.Welcome](t, openCall(t, c.users[0], c.room.ID), protocol.TypeWelcome)
	require.Nil(t, w.LastSeq)
	require.Equal(t, c.room.ID, w.RoomID)
}

// Frames that a client sends before its welcome are answered after it.
func TestWelcomeComesBeforeAnyAnswer(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	for range 20 {
		k := openChat(t, c.users[0], c.room.ID, "")
		require.NoError(t, k.SendRaw(within(t), []byte(`{"type":"ping","id":"early"}`)))
		next[protocol.Welcome](t, k, protocol.TypeWelcome)
		await[struct{}](t, k, protocol.TypePong)
		require.NoError(t, k.Close())
	}
}

package room_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

func TestClientsAreToldWhatTheNodeDoesWithout(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	before, desk := n.enter("room=1"), n.enter("channel=all")
	n.hub.Degrade([]string{protocol.ReasonCluster})
	for _, p := range []*peer{before, desk, n.enter("room=2")} {
		f := p.read()
		require.Equal(t, protocol.TypeDegraded, f.Type)
		require.JSONEq(t, `{"reasons":["cluster"]}`, string(f.Data))
		require.Zero(t, f.RoomID)
	}
	n.hub.Degrade(nil)
	for _, p := range []*peer{before, desk} {
		f := p.read()
		require.Equal(t, protocol.TypeDegraded, f.Type)
		require.JSONEq(t, `{"reasons":[]}`, string(f.Data))
	}
	n.enter("room=3").alive()
}

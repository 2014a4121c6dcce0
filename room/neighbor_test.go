package room_test

import (
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/protocol"
	"parley/room"
)

// neighbor is a fake that other nodes have, too.
type neighbor struct {
	*fake
	synchronized chan struct{}
	heard        chan room.Letter
}

func (n *neighbor) Synchronize()       { n.synchronized <- struct{}{} }
func (n *neighbor) Hear(l room.Letter) { n.heard <- l }

// street is nodes side by side on one medium, each with a behavior for chat that
// has neighbors.
type street struct {
	*node
	*neighbor
}

func startBeside(t *testing.T, medium *cluster.Memory, cfg room.Config) street {
	t.Helper()
	nb := &neighbor{fake: &fake{}, synchronized: make(chan struct{}, 64), heard: make(chan room.Letter, 64)}
	n := startOn(t, cfg, nb.fake, medium.Bus())
	n.hub.Register(protocol.ChannelChat, func(*room.Room) room.Behavior { return nb })
	return street{n, nb}
}

func TestNeighborsHearWhatIsPublishedInTheirRoom(t *testing.T) {
	medium := cluster.NewMemory()
	a, b, c := startBeside(t, medium, room.Config{}), startBeside(t, medium, room.Config{}), startBeside(t, medium, room.Config{})
	pa := a.enter("room=3")
	b.enter("room=3")
	c.enter("room=4")
	for _, s := range []street{a, b, c} {
		take(t, s.synchronized, "Synchronize")
	}
	a.in(3, func(r *room.Room) {
		require.True(t, r.Publish(protocol.ChannelChat, 7, []byte("one")))
		require.True(t, r.Publish(protocol.ChannelChat, 8, []byte("two")))
	})
	require.Equal(t, room.Letter{From: a.hub.Boot(), RoomID: 3, Channel: protocol.ChannelChat, Kind: 7, Body: []byte("one")}, take(t, b.heard, "a letter"))
	require.Equal(t, byte(8), take(t, b.heard, "a letter").Kind)

	require.True(t, c.hub.Publish(3, protocol.ChannelChat, 9, nil), "by a node that has nobody in the room")
	require.Equal(t, c.hub.Boot(), take(t, a.heard, "a letter").From)
	require.Equal(t, byte(9), take(t, b.heard, "a letter").Kind)

	require.NoError(t, pa.conn.Close(websocket.StatusNormalClosure, ""))
	take(t, a.left, "the session's end")
	b.in(3, func(r *room.Room) { r.Publish(protocol.ChannelChat, 7, nil) })
	require.True(t, c.hub.Write(b.hub.Boot(), room.Letter{RoomID: 3, Channel: protocol.ChannelChat, Kind: 10}))
	require.Equal(t, byte(10), take(t, b.heard, "a letter").Kind, "to it alone")
	require.Empty(t, a.heard)
	require.Empty(t, c.heard)
}

func TestALetterThatNobodyTakesComesBack(t *testing.T) {
	medium := cluster.NewMemory()
	a, b := startBeside(t, medium, room.Config{}), startBeside(t, medium, room.Config{})
	a.enter("room=3")
	l := room.Letter{RoomID: 3, Channel: protocol.ChannelChat, Kind: 5, Body: []byte("x")}
	require.True(t, a.hub.Write(b.hub.Boot(), l))
	got := take(t, a.heard, "the letter")
	require.Equal(t, byte(5|room.Returned), got.Kind)
	require.Equal(t, []byte("x"), got.Body)
	require.Equal(t, b.hub.Boot(), got.From)
}

func TestAlone(t *testing.T) {
	medium := cluster.NewMemory()
	a, b := startBeside(t, medium, room.Config{Alone: true}), startBeside(t, medium, room.Config{})
	p := a.enter("room=3")
	b.enter("room=3")
	take(t, b.synchronized, "Synchronize")
	a.in(3, func(r *room.Room) {
		require.True(t, r.Alone())
		require.True(t, r.Publish(protocol.ChannelChat, 7, nil))
	})
	b.in(3, func(r *room.Room) { require.True(t, r.Publish(protocol.ChannelChat, 7, nil)) })
	p.alive()
	require.Empty(t, a.heard)
	require.Empty(t, b.heard)
	require.Empty(t, a.synchronized)
}

func TestEveryNodeHearsAnnouncements(t *testing.T) {
	medium := cluster.NewMemory()
	heard := make(chan string, 4)
	var hubs []*room.Hub
	for _, name := range []string{"a", "b", "c"} {
		n := startBeside(t, medium, room.Config{Node: name})
		n.hub.Serve(200, func(l room.Letter) { heard <- name + " " + string(l.Body) })
		hubs = append(hubs, n.hub)
	}
	require.True(t, hubs[0].Announce(200, []byte("news")))
	require.ElementsMatch(t, []string{"b news", "c news"}, []string{take(t, heard, "news"), take(t, heard, "news")})
	require.True(t, hubs[2].Write(hubs[0].Boot(), room.Letter{Kind: 200, Body: []byte("word")}))
	require.Equal(t, "a word", take(t, heard, "a word"))
}

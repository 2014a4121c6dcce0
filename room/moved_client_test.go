package room_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// A concierge hears of a client's move, and what it still answers follows the client;
// so does what that one's connection is told.
func TestConciergesOfAMovedClient(t *testing.T) {
	for _, query := range []string{"user=7&ack=1&channel=all", "user=7&ack=1&channel=call", "user=7&ack=1&channel=call&shift=1"} {
		t.Run(query, func(t *testing.T) {
			asked, heard := make(chan func(), 1), make(chan string, 9)
			var name string
			x := startNodes(t, 2, lasting(), func(i int) *fake {
				return &fake{concierge: room.Concierge{
					Types: []protocol.Type{protocol.TypePeerState},
					Receive: func(c room.Client, _ protocol.Channel, _ int64, e protocol.Envelope) {
						id := e.ID.Clone()
						name = room.NameOf(c)
						asked <- func() { c.Post(func() { c.Ack(id, protocol.Empty{}) }) }
					},
					Left:  func(room.Client, protocol.Channel) { heard <- fmt.Sprint(i, " left") },
					Moved: func(room.Client, protocol.Channel) { heard <- fmt.Sprint(i, " moved") },
				}}
			})
			p := x.all[0].dial(query)
			w := welcomed(t, p)
			p.send(`{"type":"peer_state","id":"slow"}`)
			answer := take(t, asked, "the question")
			back := x.all[1].resume(w, 0, query)
			require.True(t, welcomed(t, back).Resumed)
			require.Equal(t, "0 moved", take(t, heard, "the move"))
			answer()
			f := back.read()
			require.Equal(t, protocol.TypeAck, f.Type)
			require.Equal(t, "slow", *f.ID)

			room.Tell(x.all[0].hub, room.Audience{UserID: 7, ChatOf: 1, Also: name}, protocol.TypeCallAccept, 1, protocol.InviteAnswer{})
			require.Equal(t, protocol.TypeCallAccept, back.read().Type)
			back.alive()
			require.NoError(t, back.conn.CloseNow())
			require.Empty(t, heard)
		})
	}
}

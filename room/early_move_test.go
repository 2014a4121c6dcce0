package room_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// A session that moves on before its behavior has welcomed it, goes on as it came.
func TestASessionMovesOnBeforeItIsWelcomed(t *testing.T) {
	for _, query := range []string{"user=7", "user=7&shift=1", "user=7&channel=all"} {
		t.Run(query, func(t *testing.T) {
			unpacked := make(chan string, 9)
			x := startNodes(t, 3, lasting(), func(i int) *fake {
				return &fake{
					pack: func(*room.Session) []byte { return fmt.Append(nil, "from ", i) },
					unpack: func(s *room.Session, packed []byte) {
						unpacked <- fmt.Sprint(string(packed), " at ", i)
						if i == 2 {
							s.Welcome()
							s.Release()
						}
					},
				}
			})
			p := x.all[0].dial(query)
			w := welcomed(t, p)
			received := 0
			if query == "user=7&channel=all" {
				p.subscribe(1, protocol.ChannelChat)
				received++
			}
			p.cut()
			x.all[0].await("suspended", 1)
			waits := x.all[1].resume(w, received, query)
			require.Equal(t, "from 0 at 1", take(t, unpacked, "the second node"))
			waits.cut()
			p = x.all[2].resume(w, received, query)
			require.Equal(t, "from 0 at 2", take(t, unpacked, "the third node"))
			require.True(t, welcomed(t, p).Resumed)
			p.alive()
		})
	}
}

// A session that came from another node, and whose client takes it over again before
// it is welcomed, is welcomed once.
func TestASessionThatMovedIsWelcomedOnce(t *testing.T) {
	for _, query := range []string{"user=7", "user=7&shift=1"} {
		for _, early := range []bool{true, false} {
			t.Run(fmt.Sprint(query, early), func(t *testing.T) {
				unpacking, goOn := make(chan *room.Session, 1), make(chan struct{})
				x := startNodes(t, 2, lasting(), func(i int) *fake {
					return &fake{unpack: func(s *room.Session, _ []byte) {
						if early && query != "user=7" { // its Welcome is on its way to the other shard
							s.Welcome()
							s.Release()
							unpacking <- s
							<-goOn
							return
						}
						unpacking <- s
					}}
				})
				w := welcomed(t, x.all[0].dial(query))
				x.all[1].resume(w, 0, query)
				s := take(t, unpacking, "the second node")
				p := x.all[1].resume(w, 0, query)
				x.all[1].await(room.ResumeTook, 1)
				close(goOn)
				x.all[1].in(1, func(*room.Room) {
					if !s.Greeted() {
						s.Welcome()
						s.Release()
					}
				})
				require.True(t, welcomed(t, p).Resumed)
				p.alive()
			})
		}
	}
}

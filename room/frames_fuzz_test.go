package room_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// FuzzFramesOfADesk looks for a frame that a multiplexed socket does not survive,
// or that is answered twice: `go test ./room -fuzz FuzzFramesOfADesk`.
func FuzzFramesOfADesk(f *testing.F) {
	for _, text := range []string{
		`{"type":"received","id":"a","data":{"n":0}}`,
		`{"type":"received","data":{"n":-1}}`,
		`{"type":"received","id":"a","data":{"n":9223372036854775807}}`,
		`{"type":"received","id":"a","data":{"n":1e3}}`,
		`{"type":"rec\u0065ived","id":"a","data":{"n":1}}`,
		`{"type":"typing","room_id":2,"data":{"note":"received"}}`,
		`{"type":"subscribe","id":"a","data":{"room_id":1,"channel":"chat","since_seq":3}}`,
		`{"type":"subscribe","id":"a","room_id":2,"data":{"channel":"call"}}`,
		`{"type":"subscribe","id":"a","data":{"room_id":500,"channel":"chat"}}`,
		`{"type":"subscribe","room_id":1,"data":{"room_id":2,"channel":"chat"}}`,
		`{"type":"unsubscribe","id":"a","data":{"room_id":2,"channel":"chat"}}`,
		`{"type":"signal","id":"a","room_id":2}`,
		`{"type":"received"`,
		`"received"`,
		``,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 60<<10 {
			return
		}
		n := start(t, lasting(), &fake{})
		p, w := n.desk("user=7&ack=1")
		p.subscribe(2, protocol.ChannelChat)
		p.send(text)
		p.upToPong("first", 1)
		p.cut()
		n.await("suspended", 1)
		p = n.resume(w, 1, "channel=all&user=7&ack=1") // all but the first subscription's answer comes again
		require.True(t, welcomed(t, p).Resumed)
		require.Equal(t, 1, p.upToPong("second", 2))
	})
}

// upToPong pings and reads on to the answer. Of the others' answers there may be
// so many on the way; it returns how many were pongs.
func (p *peer) upToPong(id string, most int) (pongs int) {
	p.t.Helper()
	p.send(`{"type":"ping","id":"` + id + `"}`)
	for others := 0; ; others++ {
		f := p.read()
		require.Contains(p.t, []protocol.Type{protocol.TypeAck, protocol.TypeError, protocol.TypePong}, f.Type)
		if f.ID != nil && *f.ID == id {
			return pongs
		}
		if f.ID != nil && *f.ID == "first" {
			pongs++
		}
		require.Less(p.t, others, most, "answers")
	}
}

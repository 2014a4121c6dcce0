package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// FuzzReceive sends whatever it is given as a frame: the server stays, the
// socket too, and an id is answered once.
func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		``, `{`, `[]`, `null`, `{"type":"ping","id":"1"}`, `{"type":"ping","id":""}`, `{"type":"typing","id":"1","data":{"note":"x"}}`,
		`{"type":"chat_message","id":"1","data":{"content":"hi","client_msg_id":"k"}}`,
		`{"type":"chat_message","id":"1","room_id":1,"data":{"content":"\ud83d\ude00\u2028"}}`,
		`{"type":"message_read","id":"1","data":{"message_id":1001}}`, `{"type":"mark_room_as_read","id":"1"}`,
		`{"type":"message_edit","id":"1","data":{"message_id":1001,"content":"x"}}`,
		`{"type":"message_delete","id":"1","data":{"message_id":1002}}`, `{"id":"1","id":"2","type":"ping"}`,
		`{"t\u0079pe":"ping","\u0069d":"1"}`, `{"type":"ping","id":"1"}{}`, `{"type":"ping","id":"1","data":{"a":1e400}}`,
	} {
		f.Add(seed)
	}
	n := start(f, newFakeStore(2))
	p, round := n.enter("user=1"), 0
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 64<<10 {
			return // the edge closes these
		}
		round++
		p := &peer{t, p.conn}
		p.send(text)
		want := idOf(text)
		answers := p.answers(fmt.Sprint("end of round ", round))
		if want == nil {
			require.Empty(t, answers, "answers to a frame without id")
			return
		}
		require.Equal(t, []string{*want}, answers)
	})
}

// idOf is the id that the answer to a frame carries; nil if it has none.
func idOf(text string) *string {
	if _, err := protocol.Decode([]byte(text)); err != nil && protocol.AsError(err).Code == protocol.CodeInvalidJSON {
		return nil
	}
	e, _ := protocol.Decode([]byte(text))
	if e.ID == nil {
		return nil
	}
	var id string
	if json.Unmarshal(e.ID, &id) != nil {
		return nil
	}
	return &id
}

// answers returns the ids of all acks, errors and pongs that come, up to the
// last of what the room and its store had to do.
func (p *peer) answers(mark string) (ids []string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	// A deletion of no message takes the longest way that there is.
	last := fmt.Sprintf(`{"type":"message_delete","id":%q,"data":{"message_id":1}}`, mark)
	require.NoError(p.t, p.conn.Write(ctx, websocket.MessageText, []byte(last)))
	for {
		switch f := p.read(); f.Type {
		case protocol.TypeAck, protocol.TypeError, protocol.TypePong:
			if f.ID != nil && *f.ID == mark {
				return ids
			}
			if f.ID != nil {
				ids = append(ids, *f.ID)
			}
		}
	}
}

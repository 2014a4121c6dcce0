package room_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// desk connects a multiplexed socket.
func (n *node) desk(query string) (*peer, protocol.Welcome) {
	n.t.Helper()
	p := n.dial("channel=all&" + query)
	return p, welcomed(n.t.(*testing.T), p)
}

func (p *peer) subscribe(roomID int64, ch protocol.Channel) frame {
	p.t.Helper()
	return p.ask(fmt.Sprintf(`{"type":"subscribe","id":"s","data":{"room_id":%d,"channel":%q}}`, roomID, ch))
}

func (p *peer) requireError(code protocol.Code, f frame) {
	p.t.Helper()
	require.Equal(p.t, protocol.TypeError, f.Type, "%s", f.Data)
	var e protocol.ErrorData
	require.NoError(p.t, json.Unmarshal(f.Data, &e))
	require.Equal(p.t, code, e.Code, "%s", e.Message)
}

// reflecting is a behavior that answers with what it got, so that a test sees
// which room and channel had it.
func reflecting() *fake {
	last := int64(12)
	return &fake{lastSeq: &last}
}

func TestSubscriptions(t *testing.T) {
	n := start(t, lasting(), reflecting())
	p, w := n.desk("user=7")
	require.Zero(t, w.RoomID)
	require.Nil(t, w.LastSeq)
	for roomID := int64(1); roomID <= 6; roomID++ {
		f := p.subscribe(roomID, protocol.ChannelChat)
		require.Equal(t, protocol.TypeAck, f.Type, "%s", f.Data)
		require.Equal(t, "s", *f.ID)
		require.Equal(t, roomID, f.RoomID)
		require.JSONEq(t, `{"last_seq":12}`, string(f.Data))
		require.JSONEq(t, `{"last_seq":12}`, string(p.subscribe(roomID, protocol.ChannelChat).Data), "again is no error")
	}
	require.Equal(t, 6, n.meter.get("session chat"))
	require.Equal(t, 1, n.meter.get("session all"))
	for roomID := int64(1); roomID <= 6; roomID++ {
		n.note(roomID, 1, 2)
		for range 2 {
			f := p.read()
			require.Equal(t, protocol.TypeTyping, f.Type)
			require.Equal(t, roomID, f.RoomID, "each frame names its room")
		}
		f := p.ask(fmt.Sprintf(`{"type":"chat_message","id":"m","room_id":%d,"data":{"content":"x"}}`, roomID))
		require.Equal(t, protocol.TypeAck, f.Type)
		require.Equal(t, roomID, f.RoomID)
	}
	f := p.ask(`{"type":"unsubscribe","id":"u","data":{"room_id":3,"channel":"chat"}}`)
	require.Equal(t, protocol.TypeAck, f.Type)
	require.Equal(t, protocol.LeaveLeft, take(t, n.fake.left, "the leave"))
	n.in(3, func(r *room.Room) { require.Nil(t, r, "nobody is left there") })
	p.requireError(protocol.CodeNotSubscribed, p.ask(`{"type":"typing","id":"t","room_id":3}`))
	require.Equal(t, protocol.TypeAck, p.ask(`{"type":"unsubscribe","id":"u","data":{"room_id":3,"channel":"chat"}}`).Type)
	p.alive()
}

func TestSubscribeRefused(t *testing.T) {
	cfg := lasting()
	cfg.Subscriptions = 2
	n := start(t, cfg, reflecting())
	p, _ := n.desk("user=7")
	for data, code := range map[string]protocol.Code{
		`{"channel":"chat"}`:                            protocol.CodeValidation,
		`{"room_id":1}`:                                 protocol.CodeValidation,
		`{"room_id":1,"channel":"game"}`:                protocol.CodeValidation,
		`{"room_id":-1,"channel":"chat"}`:               protocol.CodeValidation,
		`{"room_id":"1","channel":"chat"}`:              protocol.CodeValidation,
		`{"room_id":1,"channel":"chat","since_seq":-1}`: protocol.CodeValidation,
		`{"room_id":101,"channel":"chat"}`:              protocol.CodePermissionDenied,
		`{"room_id":500,"channel":"call"}`:              protocol.CodeInternal,
	} {
		p.requireError(code, p.ask(`{"type":"subscribe","id":"s","data":`+data+`}`))
	}
	p.requireError(protocol.CodeValidation, p.ask(`{"type":"subscribe","id":"s","room_id":2,"data":{"room_id":1,"channel":"chat"}}`))
	p.requireError(protocol.CodeValidation, p.ask(`{"type":"typing","id":"t"}`))
	p.requireError(protocol.CodeUnknownType, p.ask(`{"type":"welcome","id":"t"}`))
	p.requireError(protocol.CodeInvalidJSON, p.ask(`{`))
	require.Equal(t, protocol.TypeAck, p.subscribe(1, protocol.ChannelChat).Type)
	require.Equal(t, protocol.TypeAck, p.subscribe(2, protocol.ChannelCall).Type)
	p.requireError(protocol.CodeTooManySubscriptions, p.subscribe(3, protocol.ChannelChat))
	require.Equal(t, protocol.TypeAck, p.subscribe(2, protocol.ChannelCall).Type)
	p.alive()
	require.Equal(t, 2, n.meter.get("rooms"))
}

// What a client sends behind a subscribe it need not wait to send, whether its
// right is remembered or looked up.
func TestSubscribeAndSpeakAtOnce(t *testing.T) {
	n := start(t, lasting(), reflecting())
	p, _ := n.desk("user=7")
	for roomID := 1; roomID <= 4; roomID++ {
		p.send(fmt.Sprintf(`{"type":"subscribe","id":"s","data":{"room_id":%d,"channel":"chat"}}`, roomID))
		p.send(fmt.Sprintf(`{"type":"typing","id":"t","room_id":%d}`, roomID))
	}
	for range 8 {
		f := p.read()
		require.Equal(t, protocol.TypeAck, f.Type, "%s", f.Data)
	}
	p.alive()
}

// What ends a subscription leaves the socket open; only who is logged out has
// nothing left to do there.
func TestSubscriptionEnds(t *testing.T) {
	n := start(t, lasting(), reflecting())
	p, _ := n.desk("user=7&token=5")
	for roomID := int64(1); roomID <= 3; roomID++ {
		p.subscribe(roomID, protocol.ChannelChat)
		p.subscribe(roomID, protocol.ChannelCall)
	}
	ended := func(roomID int64, code protocol.CloseCode) {
		t.Helper()
		channels := map[protocol.Channel]bool{}
		for range 2 {
			f := p.read()
			require.Equal(t, protocol.TypeUnsubscribed, f.Type, "%s", f.Data)
			require.Equal(t, roomID, f.RoomID)
			var u protocol.Unsubscribed
			require.NoError(t, json.Unmarshal(f.Data, &u))
			require.Equal(t, roomID, u.RoomID)
			require.Equal(t, code, u.Code)
			require.NotEmpty(t, u.Reason)
			channels[u.Channel] = true
		}
		require.Len(t, channels, 2)
	}
	n.hub.Removed(1, 7, protocol.LeaveRemoved)
	ended(1, protocol.CloseForbidden)
	n.hub.RoomDeleted(2)
	ended(2, protocol.CloseRoomDeleted)
	p.requireError(protocol.CodeNotSubscribed, p.ask(`{"type":"typing","id":"t","room_id":1}`))
	p.alive()
	for range 2 {
		require.Equal(t, protocol.LeaveRemoved, take(t, n.fake.left, "a leave"))
	}
	for range 2 {
		require.Equal(t, protocol.LeaveRoomDeleted, take(t, n.fake.left, "a leave"))
	}
	n.hub.LoggedOut(5)
	require.Equal(t, protocol.CloseUnauthenticated, p.code())
	for range 2 {
		require.Equal(t, protocol.LeaveLogout, take(t, n.fake.left, "a leave"))
	}
	n.await("session all", 0)
	n.await("session chat", 0)
}

// A resume brings all subscriptions back, with what each missed.
func TestResumeRestoresSubscriptions(t *testing.T) {
	n := start(t, lasting(), reflecting())
	p, w := n.desk("user=7&ack=1")
	const rooms = 5
	for roomID := int64(1); roomID <= rooms; roomID++ {
		p.subscribe(roomID, protocol.ChannelChat)
	}
	received := rooms
	for range 3 {
		p.cut()
		n.await("suspended", 1)
		for roomID := int64(1); roomID <= rooms; roomID++ {
			n.note(roomID, 1, 3)
		}
		p = n.resume(w, received, "channel=all&user=7&ack=1")
		w = welcomed(t, p)
		require.True(t, w.Resumed)
		next := map[int64]int{}
		for range rooms * 3 {
			f := p.read()
			next[f.RoomID]++
			require.JSONEq(t, fmt.Sprintf(`"%d"`, next[f.RoomID]), string(note(t, f)), "room %d", f.RoomID)
		}
		require.Len(t, next, rooms)
		received = rooms * 3
	}
	p.alive()
	require.Empty(t, n.fake.left)
	n.await("session all", 1)
}

func note(t *testing.T, f frame) json.RawMessage {
	t.Helper()
	var data struct{ Note json.RawMessage }
	require.NoError(t, json.Unmarshal(f.Data, &data))
	return data.Note
}

// What is for all of a room comes once to a socket that has both its channels.
func TestOnceToASocketWithBothChannels(t *testing.T) {
	n := start(t, lasting(), reflecting())
	for roomID := int64(1); roomID <= 3; roomID++ {
		p, _ := n.desk("user=7")
		p.subscribe(roomID, protocol.ChannelChat)
		p.subscribe(roomID, protocol.ChannelCall)
		n.note(roomID, 1, 2)
		p.expectNotes(1, 2)
		p.alive()
		p.ask(fmt.Sprintf(`{"type":"unsubscribe","id":"u","data":{"room_id":%d,"channel":"call"}}`, roomID))
		n.note(roomID, 3, 3)
		p.expectNotes(3, 3)
	}
}

// What a chat says may be overtaken where much waits, but not by its end.
func TestNothingOfAChatFollowsItsEnd(t *testing.T) {
	n := start(t, lasting(), reflecting())
	for roomID := int64(1); roomID <= 3; roomID++ {
		p, _ := n.desk("user=7")
		p.subscribe(roomID, protocol.ChannelChat)
		n.in(roomID, func(r *room.Room) { // in one turn
			r.Broadcast(protocol.ChannelChat, room.Encode(protocol.TypeTyping, roomID, protocol.Typing{Note: "x"}))
			for s := range r.Sessions(protocol.ChannelChat) {
				s.Close(protocol.CloseForbidden, "removed", protocol.LeaveRemoved)
			}
		})
		require.Equal(t, protocol.TypeTyping, p.read().Type)
		require.Equal(t, protocol.TypeUnsubscribed, p.read().Type)
	}
}

func TestTellAUser(t *testing.T) {
	n := start(t, lasting(), reflecting())
	a, _ := n.desk("user=7")
	b, _ := n.desk("user=7")
	chat := n.enter("user=7&room=2")
	other := n.enter("user=7&room=3")
	stranger, _ := n.desk("user=8")
	a.subscribe(2, protocol.ChannelChat)
	room.Tell(n.hub, room.Audience{UserID: 7, ChatOf: 2}, protocol.TypeTyping, 2, protocol.Typing{Note: "1"})
	for _, p := range []*peer{a, b, chat} {
		p.expectNotes(1, 1)
		p.alive()
	}
	other.alive()
	stranger.alive()
}

// A socket that leaves with a subscription's reading paused does not stop the
// others'.
func TestAPausedSubscriptionThatEnds(t *testing.T) {
	paused := make(chan struct{}, 4)
	n := start(t, lasting(), &fake{receive: func(s *room.Session, e protocol.Envelope) {
		if string(e.Data) == `{"note":"pause"}` {
			s.PauseReading()
			paused <- struct{}{}
			return
		}
		s.Ack(e.ID, protocol.Empty{})
	}})
	for roomID := int64(1); roomID <= 3; roomID++ {
		p, _ := n.desk("user=7")
		p.subscribe(roomID, protocol.ChannelChat)
		p.subscribe(50, protocol.ChannelCall)
		p.send(fmt.Sprintf(`{"type":"typing","room_id":%d,"data":{"note":"pause"}}`, roomID))
		take(t, paused, "the pause")
		n.hub.Removed(roomID, 7, protocol.LeaveRemoved)
		require.Equal(t, protocol.TypeUnsubscribed, p.read().Type)
		p.alive()
	}
}

// Concierges are told of all sockets, and take the frames of their types.
func TestConcierge(t *testing.T) {
	heard := make(chan string, 32)
	f := reflecting()
	f.concierge = room.Concierge{
		Types: []protocol.Type{protocol.TypePeerState},
		Receive: func(c room.Client, ch protocol.Channel, roomID int64, e protocol.Envelope) {
			heard <- fmt.Sprintf("%d in %q of %d", c.User().ID, ch, roomID)
			c.Ack(e.ID, protocol.Empty{})
		},
		Arrived: func(c room.Client, ch protocol.Channel) { heard <- fmt.Sprintf("%d to %q", c.User().ID, ch) },
		Left:    func(c room.Client, ch protocol.Channel) { heard <- fmt.Sprintf("%d from %q", c.User().ID, ch) },
	}
	cfg := lasting()
	cfg.Resume.Window = 100 * time.Millisecond
	n := start(t, cfg, f)
	said := func(want string) {
		t.Helper()
		require.Equal(t, want, take(t, heard, want))
	}
	p, w := n.desk("user=7")
	said(`7 to ""`)
	p.ask(`{"type":"peer_state","id":"x","room_id":3}`)
	said(`7 in "" of 3`)
	p.subscribe(3, protocol.ChannelChat) // of which nobody need hear again
	p.cut()
	n.await("suspended", 1)
	p = n.resume(w, 2, "channel=all&user=7")
	require.True(t, welcomed(t, p).Resumed)
	p.cut()
	said(`7 from ""`)
	c := n.enter("user=8&room=4")
	said(`8 to "chat"`)
	c.ask(`{"type":"peer_state","id":"x"}`)
	said(`8 in "chat" of 4`)
}

// Nor does it come a second time when the chat is released that was held back.
func TestOnceToAChatThatIsHeldBack(t *testing.T) {
	held := make(chan *room.Session, 8)
	n := start(t, lasting(), &fake{enter: func(s *room.Session) {
		s.Welcome()
		if len(held) == 0 {
			held <- s
			return
		}
		s.Release()
	}})
	for roomID := int64(1); roomID <= 3; roomID++ {
		p, _ := n.desk("user=7")
		p.subscribe(roomID, protocol.ChannelChat)
		p.subscribe(roomID, protocol.ChannelCall)
		n.note(roomID, 1, 1)
		p.expectNotes(1, 1)
		s := take(t, held, "the chat")
		n.in(roomID, func(*room.Room) { s.Release() })
		n.note(roomID, 2, 2)
		p.expectNotes(2, 2)
		p.alive()
	}
}

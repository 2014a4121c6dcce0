package protocol_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func requireNoAllocs(t *testing.T, what string, f func()) {
	t.Helper()
	require.Zero(t, testing.AllocsPerRun(100, f), "allocations in %s", what)
}

func TestDecodeAllocatesNothing(t *testing.T) {
	for _, typ := range protocol.ClientTypes() {
		frame := []byte(`{"type":"` + string(typ) + `","id":"17","room_id":9007199254740991,"data":{"sdp":"v=0\r\n","n":[1,{"x":null}]}}`)
		requireNoAllocs(t, "Decode of "+string(typ), func() {
			if _, err := protocol.Decode(frame); err != nil {
				panic(err)
			}
		})
	}
	for _, name := range []string{"client_offer", "client_ice_candidate", "client_chat_message"} {
		frame := golden(t, name)
		requireNoAllocs(t, "Decode of "+name, func() {
			if _, err := protocol.Decode(frame); err != nil {
				panic(err)
			}
		})
	}
}

func TestRelayAllocatesNothing(t *testing.T) {
	from := protocol.NewSender(ann(), "p-1")
	buffer := make([]byte, 0, 8<<10)
	for _, typ := range relayedTypes() {
		frame := golden(t, "client_"+string(typ))
		requireNoAllocs(t, "relaying "+string(typ), func() {
			e, err := protocol.Decode(frame)
			if err != nil {
				panic(err)
			}
			if _, err := e.Target(); err != nil {
				panic(err)
			}
			protocol.AppendRelay(buffer, 3, from, protocol.MaxID-1, &e)
		})
	}
}

func TestEncodingAllocatesNothing(t *testing.T) {
	buffer := make([]byte, 0, 8<<10)
	id := protocol.ID(`"17"`)
	m := message()
	edited := m
	edited.EditedAt = later(time.Minute)
	for what, f := range map[string]func(){
		"ack of a relay": func() {
			protocol.AppendReply(buffer, protocol.TypeAck, id, 3, protocol.Delivery{Delivery: protocol.Queued, Epoch: protocol.MaxID - 1})
		},
		"ack of a message": func() {
			protocol.AppendReply(buffer, protocol.TypeAck, id, 3, protocol.MessageRef{ID: m.ID, Seq: m.Seq})
		},
		"ack":          func() { protocol.AppendReply(buffer, protocol.TypeAck, id, 3, protocol.Empty{}) },
		"chat_message": func() { protocol.Append(buffer, protocol.TypeChatMessage, 3, m) },
		"message_edit": func() { protocol.Append(buffer, protocol.TypeMessageEdit, 3, edited) },
		"message_read": func() {
			protocol.Append(buffer, protocol.TypeMessageRead, 3, protocol.MessageRead{UserID: m.ID})
		},
		"typing": func() {
			protocol.Append(buffer, protocol.TypeTyping, 3, protocol.Typing{User: m.Author, Note: "…"})
		},
		"user_online": func() {
			protocol.Append(buffer, protocol.TypeUserOnline, 3, protocol.PresenceChange{User: m.Author})
		},
	} {
		requireNoAllocs(t, what, f)
	}
}

// TestDecodingDataAllocatesStringsOnly: what outlives the frame is copied, once.
func TestDecodingDataAllocatesStringsOnly(t *testing.T) {
	allocs := func(data string, decode func(data []byte) error) float64 {
		b := []byte(data)
		return testing.AllocsPerRun(100, func() {
			if err := decode(b); err != nil {
				panic(err)
			}
		})
	}
	typing := func(data []byte) error { var in protocol.SendTyping; return in.Decode(data) }
	chat := func(data []byte) error { var in protocol.SendMessage; return in.Decode(data) }
	require.Zero(t, allocs(`{}`, typing))
	require.EqualValues(t, 1, allocs(`{"note":"one\u0020two three"}`, typing), "the note")
	require.EqualValues(t, 3, allocs(`{"content":"one\ntwo","client_msg_id":"m-1"}`, chat), "the content, a pointer to it, the id")
}

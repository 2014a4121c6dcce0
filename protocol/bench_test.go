package protocol_test

import (
	"strings"
	"testing"

	"parley/protocol"
)

// frames are an offer of a browser's (2.3 KB), a trickled candidate, a message of
// 100 characters and a typing.
func frames(b *testing.B, each func(b *testing.B, frame []byte)) {
	for _, c := range []struct {
		name  string
		frame []byte
	}{
		{"offer", golden(b, "client_offer")},
		{"ice_candidate", golden(b, "client_ice_candidate")},
		{"chat_message", []byte(chatMessage())},
		{"typing", golden(b, "client_typing")},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.frame)))
			b.ReportAllocs()
			each(b, c.frame)
		})
	}
}

func chatMessage() string {
	return `{"type":"chat_message","id":"c-17","data":{"content":"` + strings.Repeat("Shall we? ", 10) + `","client_msg_id":"m-17"}}`
}

func decode(b *testing.B, frame []byte) protocol.Envelope {
	e, err := protocol.Decode(frame)
	if err != nil {
		b.Fatal(err)
	}
	return e
}

func BenchmarkDecode(b *testing.B) {
	frames(b, func(b *testing.B, frame []byte) {
		for b.Loop() {
			decode(b, frame)
		}
	})
}

// BenchmarkRelay is all that a relayed frame costs here, its ack included.
func BenchmarkRelay(b *testing.B) {
	from := protocol.NewSender(ann(), "p-1")
	frames(b, func(b *testing.B, frame []byte) {
		buffer := make([]byte, 0, 8<<10)
		for b.Loop() {
			e := decode(b, frame)
			if _, err := e.Target(); err != nil {
				b.Fatal(err)
			}
			protocol.AppendRelay(buffer, 3, from, 3, &e)
			protocol.AppendReply(buffer, protocol.TypeAck, e.ID, 3, protocol.Delivery{Delivery: protocol.Delivered, Epoch: 3})
		}
	})
}

func BenchmarkDecodeMessage(b *testing.B) {
	e := decode(b, []byte(chatMessage()))
	b.ReportAllocs()
	for b.Loop() {
		var in protocol.SendMessage
		if err := in.Decode(e.Data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeTyping(b *testing.B) {
	e := decode(b, golden(b, "client_typing"))
	b.ReportAllocs()
	for b.Loop() {
		var in protocol.SendTyping
		if err := in.Decode(e.Data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	buffer := make([]byte, 0, 8<<10)
	id := protocol.ID(`"c-17"`)
	m := message()
	ascii := m
	ascii.Content = strings.Repeat("Shall we? ", 10)
	for _, c := range []struct {
		name  string
		write func()
	}{
		{"chat_message", func() { protocol.Append(buffer, protocol.TypeChatMessage, 3, ascii) }},
		{"chat_message/non-ascii", func() { protocol.Append(buffer, protocol.TypeChatMessage, 3, m) }},
		{"typing", func() {
			protocol.Append(buffer, protocol.TypeTyping, 3, protocol.Typing{User: m.Author, Note: "17"})
		}},
		{"ack/message", func() {
			protocol.AppendReply(buffer, protocol.TypeAck, id, 3, protocol.MessageRef{ID: 501, Seq: 12})
		}},
		{"ack/delivery", func() {
			protocol.AppendReply(buffer, protocol.TypeAck, id, 3, protocol.Delivery{Delivery: protocol.Delivered})
		}},
		{"user_online", func() {
			protocol.Append(buffer, protocol.TypeUserOnline, 3, protocol.PresenceChange{User: m.Author})
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.write()
			}
		})
	}
}

package protocol_test

import (
	"testing"

	"parley/protocol"
)

// frames are a realistic offer (2.5 KB), a trickled candidate and a message.
func frames(b *testing.B, each func(b *testing.B, frame []byte)) {
	for _, name := range []string{"offer", "ice_candidate", "chat_message"} {
		frame := golden(b, "client_"+name)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			each(b, frame)
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	frames(b, func(b *testing.B, frame []byte) {
		for b.Loop() {
			if _, err := protocol.Decode(frame); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkRelay is all that a relayed frame costs here.
func BenchmarkRelay(b *testing.B) {
	from := protocol.NewSender(ann(), "p-1")
	frames(b, func(b *testing.B, frame []byte) {
		buffer := make([]byte, 0, 8<<10)
		for b.Loop() {
			e, err := protocol.Decode(frame)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := protocol.ParseTarget(e.Data); err != nil {
				b.Fatal(err)
			}
			protocol.AppendRelay(buffer, e.Type, 3, from, e.Data)
		}
	})
}

func BenchmarkDecodeMessage(b *testing.B) {
	e, err := protocol.Decode(golden(b, "client_chat_message"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		var in protocol.SendMessage
		if err := protocol.DecodeData(e.Data, &in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendMessage(b *testing.B) {
	buffer := make([]byte, 0, 8<<10)
	m := message()
	b.ReportAllocs()
	for b.Loop() {
		protocol.Append(buffer, protocol.TypeChatMessage, 3, m)
	}
}

package edge_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

// kinds are texts of about n bytes, from what can be compressed well to what can
// not.
func kinds(n int) map[string]string {
	noise := rand.New(rand.NewPCG(uint64(n), 7))
	random := make([]byte, n)
	letters := make([]byte, n)
	for i := range random {
		random[i] = byte(0x20 + noise.IntN(0x5f))
		letters[i] = "etaoin shrdlu"[noise.IntN(13)]
	}
	return map[string]string{
		"one letter": strings.Repeat("*", n),
		"JSON":       strings.Repeat(`{"type":"chat_message","data":{"content":"hello"}},`, n/51+1)[:n],
		"prose":      string(letters),
		"characters": strings.Repeat("☃🂡ü", n/9),
		"noise":      string(random),
	}
}

// 12: messages of many sizes and kinds, whole and in fragments, compressed by the
// client, and by the server where it helps.
func TestConformanceCompression(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveCompressed(t, m, edge.Config{FrameBytes: 256 << 10, OutboundBytes: 4 << 20, CloseTimeout: forever}, echo)
		for _, n := range []int{16, 64, 256, 1 << 10, 4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10, 128 << 10} {
			for kind, want := range kinds(n) {
				t.Run(fmt.Sprintf("%d bytes of %s", n, kind), func(t *testing.T) {
					p := s.compressing()
					p.t = t
					whole := deflate(t, want)
					for _, size := range []int{len(whole), 32 << 10, 4 << 10, 1300, 256} {
						if len(whole)/size > 100 {
							continue
						}
						frames := fragments(whole, size)
						p.send(append([][]byte{compressed(frames[0])}, frames[1:]...)...)
						wire, got := p.message()
						require.Equal(t, want, got)
						require.LessOrEqual(t, len(wire), len(want)+10, "compressing never makes a message longer")
					}
					exchange{}.require(p)
				})
			}
		}
		s.empty()
	})
}

// 13: whatever a client offers, either compression or plain text works.
func TestConformanceOffers(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveCompressed(t, m, edge.Config{CloseTimeout: forever}, echo)
		want := strings.Repeat("offered and taken, or not, ", 100)
		for offer, taken := range map[string]bool{
			"permessage-deflate":                                                                                               true,  // 13.1
			"permessage-deflate; server_no_context_takeover":                                                                   true,  // 13.2
			"permessage-deflate; server_max_window_bits=9":                                                                     false, // 13.3
			"permessage-deflate; server_max_window_bits=15":                                                                    true,  // 13.4
			"permessage-deflate; server_no_context_takeover; server_max_window_bits=9":                                         false, // 13.5
			"permessage-deflate; server_no_context_takeover; server_max_window_bits=15":                                        true,  // 13.6
			"permessage-deflate; server_max_window_bits=9, permessage-deflate; server_no_context_takeover, permessage-deflate": true,  // 13.7
		} {
			for _, client := range []string{"", "; client_max_window_bits", "; client_no_context_takeover"} {
				t.Run(offer+client, func(t *testing.T) {
					p, res := s.request(strings.Replace(offering, "permessage-deflate; client_max_window_bits", offer+client, 1))
					p.t = t
					require.Equal(t, http.StatusSwitchingProtocols, res.StatusCode)
					require.Equal(t, taken, res.Header.Get("Sec-WebSocket-Extensions") != "")
					if taken {
						p.send(compressed(text(deflate(t, want))))
					} else {
						p.send(text(want))
					}
					wire, got := p.message()
					require.Equal(t, want, got)
					require.Equal(t, taken, wire[0] == 0xc0|byte(ws.OpText))
					exchange{}.require(p)
				})
			}
		}
		s.empty()
	})
}

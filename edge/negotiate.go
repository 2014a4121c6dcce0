package edge

import (
	"bytes"
	"strings"

	"github.com/gobwas/httphead"
	"github.com/gobwas/ws/wsflate"
)

// agree settles permessage-deflate with one offer of a client (RFC 7692, sections
// 5 and 7.1), and returns what the answer says of it: "" declines. Both sides
// forget between messages (no_context_takeover): so an idle socket keeps no
// window, and one compressed frame is good for every socket. The first offer that
// can be had is to be taken: a client lists them in the order in which it likes
// them.
func agree(offer httphead.Option) string {
	if !bytes.Equal(offer.Name, wsflate.ExtensionNameBytes) {
		return ""
	}
	window, ok := acceptable(offer)
	if !ok {
		return ""
	}
	var value strings.Builder
	_, _ = httphead.WriteOptions(&value, []httphead.Option{wsflate.Parameters{
		ServerNoContextTakeover: true,
		ClientNoContextTakeover: true,
		ServerMaxWindowBits:     window,
	}.Option()}) // a builder takes all
	return value.String()
}

// agreeToAny is agree for the values of Sec-WebSocket-Extensions.
func agreeToAny(lines []string) string {
	for _, line := range lines {
		offers, _ := httphead.ParseOptions([]byte(line), nil) // what is malformed is declined
		for _, offer := range offers {
			if value := agree(offer); value != "" {
				return value
			}
		}
	}
	return ""
}

// acceptable returns the window that an offer asks the server to keep to, if it
// asks. What is malformed is declined, and the handshake goes on (section 7.1); so
// is a window below the whole, since a frame is compressed once for all sockets
// (section 7.1.2.1).
func acceptable(offer httphead.Option) (window wsflate.WindowBits, ok bool) {
	var p wsflate.Parameters
	if err := p.Parse(offer); err != nil {
		return 0, false
	}
	window = p.ServerMaxWindowBits
	return window, !window.Defined() || window.Bytes() == wsflate.MaxLZ77WindowSize
}

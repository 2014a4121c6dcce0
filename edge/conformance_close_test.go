package edge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gobwas/ws"
)

// 7: the closing handshake (RFC 6455, sections 5.5.1, 7.1 and 7.4). A client
// that closes is answered with its own code.
func TestConformanceClose(t *testing.T) {
	bye := closeFrame(1000, "bye")
	longest := strings.Repeat("r", 123)
	long := strings.Repeat("a long message ", 17477)
	raw := func(payload string) [][]byte { return [][]byte{frame(ws.OpClose, true, payload)} }
	all := []exchange{
		{"7.1.1 after a message", [][]byte{text("a"), bye}, echoed("a"), 1000},
		{"7.1.5 within a message", [][]byte{frame(ws.OpText, false, "a"), bye}, nil, 1000},
		{"7.1.6 after a long message", [][]byte{text(long), bye}, echoed(long), 1000},
		{"7.3.1 without status", raw(""), nil, 1005},
		{"7.3.2 half a code", raw("\x03"), nil, 1002},
		{"7.3.3 code only", [][]byte{closeFrame(1000, "")}, nil, 1000},
		{"7.3.4 code and reason", [][]byte{bye}, nil, 1000},
		{"7.3.5 the longest reason", [][]byte{closeFrame(1000, longest)}, nil, 1000},
		{"7.3.6 a reason too long", [][]byte{closeFrame(1000, longest+"r")}, nil, 1002},
		{"7.5.1 a reason that is not UTF-8", [][]byte{closeFrame(1000, "κόσμε\xed\xa0\x80")}, nil, 1002},
	}
	for i, code := range []uint16{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999, 1012, 1013, 1014} {
		all = append(all, exchange{fmt.Sprintf("7.7.%d code %d", i+1, code), [][]byte{closeFrame(code, "")}, nil, code})
	}
	for i, code := range []uint16{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 1015, 5000, 65535} { // the last two are 7.13
		all = append(all, exchange{fmt.Sprintf("7.9.%d code %d", i+1, code), [][]byte{closeFrame(code, "")}, nil, 1002})
	}
	conform(t, anyChop(), all)
}

// What follows a client's close frame is thrown away. The connection is closed
// under it, so it must arrive together with the close frame to be noticed at all.
func TestConformanceAfterClose(t *testing.T) {
	bye := closeFrame(1000, "bye")
	conform(t, atOnce(), []exchange{
		{"7.1.2 another", [][]byte{bye, bye}, nil, 1000},
		{"7.1.3 a ping", [][]byte{bye, frame(ws.OpPing, true, "")}, nil, 1000},
		{"7.1.4 text", [][]byte{bye, text("a")}, nil, 1000},
		{"7.1.5 the rest of a message", [][]byte{frame(ws.OpText, false, "a"), bye, frame(ws.OpContinuation, true, "b")}, nil, 1000},
	})
}

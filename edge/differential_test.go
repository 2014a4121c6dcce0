package edge

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// FuzzAgainstAnother feeds the same bytes to the edge and to the server side of
// an independent implementation, and compares what each makes of them.
func FuzzAgainstAnother(f *testing.F) {
	seedStreams(f)
	f.Fuzz(func(t *testing.T, stream, cuts []byte, deflate bool) {
		ours := fed(stream, cuts, deflate)
		how := reading(stream, deflate, fuzzLimit)
		// The other hands on what there is of a frame that is cut short, masked as
		// it came, so it gets whole frames only.
		theirs := fedToAnother(t, stream[:how.whole], deflate)
		compare(t, ours, theirs, how)
	})
}

// failed is the code of an outcome that ended without a close frame, though the
// stream went on.
const failed = 0

// compare requires the same messages, pongs and code, but for what is justified
// here; how is where the stream ends for one who follows the RFC line by line.
func compare(t *testing.T, ours, theirs outcome, how *reference) {
	t.Helper()
	if how.final {
		// After a DEFLATE block with BFINAL the other takes a message for finished,
		// and what is left of it for frames; RFC 7692, section 7.2.3.4, goes on.
		return
	}
	if ours.closed && (ours.code == codeTooBig || ours.code == codeNotUTF8) && how.compressed {
		// The other counts bytes of text only, the edge those on the wire as well;
		// and the other takes a message that ends within a block for what is there
		// of it. So it may yet make a message of what the edge refused.
		require.LessOrEqual(t, len(ours.messages), len(theirs.messages))
		require.Equal(t, ours.messages, slices.Concat(theirs.messages[:len(ours.messages)]))
		return
	}
	require.Equal(t, ours.messages, theirs.messages)
	if how.within && how.compressed && theirs.closed && (theirs.code == failed || theirs.code == codeTooBig) {
		// The other inflates what there is of a message, and finds fault with it;
		// the edge inflates when all of it is there, and finds what comes before.
		return
	}
	if ours.closed && tolerated(ours.code, theirs, how) {
		return
	}
	require.Equal(t, ours.closed, theirs.closed, "closed")
	require.Equal(t, ours.code, theirs.code, "code")
	pongs, _, _ := replies(t, ours.answers)
	others, _, _ := replies(t, theirs.answers)
	require.Equal(t, pongs, others, "pongs")
}

// tolerated reports whether the other may have ended otherwise than with code, or
// may not have ended.
func tolerated(code uint16, theirs outcome, how *reference) bool {
	switch code {
	case codeProtocol:
		// It says nothing to a client that does not mask, or sends a length of 64
		// bits; and it echoes a close frame whatever its reason is made of.
		return theirs.closed && theirs.code == failed || how.badReason != 0 && theirs.code == how.badReason
	case codeNotText, codeNotUTF8:
		// The edge refuses at the first frame or byte that is wrong; the other, or
		// this test for it, looks at a message when all of it is there: by then the
		// stream may have ended, or have brought another violation. That the message
		// was not delivered was seen above.
		return true
	case codeTooBig:
		return !theirs.closed // a header that promises too much is enough for the edge
	default:
		return false
	}
}

// fedToAnother is what coder/websocket makes of the stream. Two checks that it
// leaves to its user are made here: that text is UTF-8, and that it is text.
func fedToAnother(t *testing.T, stream []byte, deflate bool) (o outcome) {
	t.Helper()
	wire := &tape{in: bytes.NewReader(stream)}
	c := accept(t, wire, deflate)
	defer func() { _ = c.CloseNow() }()
	for {
		kind, message, err := c.Read(context.Background())
		switch {
		case err != nil:
			o.answers = wire.out.Bytes()
			_, o.closed, o.code = replies(t, o.answers)
			if !o.closed && !errors.Is(err, errTapeEnds) {
				o.closed, o.code = true, failed
			}
			return o
		case kind != websocket.MessageText:
			o.end(codeNotText, "")
			return o
		case !utf8.Valid(message):
			o.end(codeNotUTF8, "")
			return o
		}
		o.messages = append(o.messages, string(message))
	}
}

func accept(t *testing.T, wire *tape, deflate bool) *websocket.Conn {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.Header = http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="},
	}
	mode := websocket.CompressionDisabled
	if deflate {
		mode = websocket.CompressionNoContextTakeover
		r.Header.Set("Sec-Websocket-Extensions", "permessage-deflate; client_no_context_takeover; server_no_context_takeover")
	}
	c, err := websocket.Accept(hijacked{httptest.NewRecorder(), wire}, r, &websocket.AcceptOptions{CompressionMode: mode})
	require.NoError(t, err)
	c.SetReadLimit(fuzzLimit)
	return c
}

// hijacked gives its connection away.
type hijacked struct {
	http.ResponseWriter
	wire *tape
}

func (h hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.wire, bufio.NewReadWriter(bufio.NewReader(h.wire), bufio.NewWriter(h.wire)), nil
}

// tape is a connection on which everything was said already. Its end is an error
// of its own: io.EOF would be taken for the end of a message that is cut short.
type tape struct {
	net.Conn
	in  *bytes.Reader
	out bytes.Buffer
}

var errTapeEnds = errors.New("nothing more was sent")

func (w *tape) Read(b []byte) (int, error) {
	n, err := w.in.Read(b)
	if errors.Is(err, io.EOF) {
		err = errTapeEnds
	}
	return n, err
}

func (w *tape) Write(b []byte) (int, error) { return w.out.Write(b) }
func (*tape) Close() error                  { return nil }

// replies reads what a server answered.
func replies(t *testing.T, answers []byte) (pongs []string, closed bool, code uint16) {
	t.Helper()
	for r := bytes.NewReader(answers); r.Len() > 0; {
		h, err := ws.ReadHeader(r)
		require.NoError(t, err)
		payload := make([]byte, h.Length)
		_, err = io.ReadFull(r, payload)
		require.NoError(t, err)
		switch h.OpCode {
		case ws.OpPong:
			pongs = append(pongs, string(payload))
		case ws.OpClose:
			closed, code = true, codeNoStatus
			if len(payload) >= 2 {
				code = binary.BigEndian.Uint16(payload)
			}
		}
	}
	return pongs, closed, code
}

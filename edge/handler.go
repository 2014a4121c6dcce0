package edge

// Handler is what a floor above does with one socket. Its methods run on the
// shard's goroutine and must not block.
type Handler interface {
	// Receive takes a whole text message, valid UTF-8. The bytes are the
	// shard's: they are valid until Receive returns.
	Receive(payload []byte)
	// Drained follows Conn.NotifyDrained, once, when little waits for the socket.
	Drained()
	// Closed is the last call: the socket takes and gives nothing any more. It
	// never runs inside Send or Close, but before the loop's turn ends.
	Closed(c Closure)
}

// Closure says how a socket ended.
type Closure struct {
	Code   uint16 // RFC 6455, section 7.4.1; 1005: closed without one, 1006: lost
	Reason string
	// Remote is set when the peer closed, or was lost.
	Remote bool
}

// Codes that the edge itself uses.
const (
	codeProtocol    uint16 = 1002
	codeNotText     uint16 = 1003
	codeNoStatus    uint16 = 1005
	codeLost        uint16 = 1006
	codeNotUTF8     uint16 = 1007
	codeTooBig      uint16 = 1009
	codeOverloaded  uint16 = 1013
	codeHeartbeat   uint16 = 4508
	codeSlowReader  uint16 = 4513
	codeRateLimited uint16 = 4529
)

// Lost reports whether the socket ended without a close frame.
func (c Closure) Lost() bool { return c.Code == codeLost }

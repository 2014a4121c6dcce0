package edge

import "errors"

// errAgain means that the transport takes no more for now; writable follows.
var errAgain = errors.New("edge: would block")

const (
	// maxVectors is how many frames one write takes at most.
	maxVectors = 64
	// readBuffer is what a shard reads into; readTurn, what it reads of a socket
	// in one turn, unless a frame's beginning waits for its end.
	readBuffer = 64 << 10
	readTurn   = 16 << 10
)

// transport moves bytes for one socket. The shard calls it, and it never blocks.
type transport interface {
	// writev takes as much of the buffers as goes, and says errAgain where that
	// is nothing. Without buffers it says errAgain while what it took before is
	// still on its way.
	writev(bufs [][]byte) (int, error)
	// awaitWritable asks for Conn.writable once writev may do better.
	awaitWritable()
	// setReading stops or starts the calls of Conn.feed.
	setReading(on bool)
	// closeWrite ends our side of the stream; the peer's may go on.
	closeWrite()
	// close gives the socket back to the system, whatever is under way.
	close()
}

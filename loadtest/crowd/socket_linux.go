package crowd

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"

	"parley/loadtest/raw"
	"parley/loadtest/wire"
)

// loopSocket is a WebSocket on a loop.
type loopSocket struct {
	// static
	loop     *loop
	listener Listener
	place    int32
	dialed   time.Time

	opened atomic.Bool

	// owned by the loop's goroutine
	handshake *handshake // nil: it is done
	partial   []byte     // the beginning of a frame
	message   []byte     // the fragments so far
	fragments bool       // there are some

	mu      sync.Mutex
	fd      int    // guarded by mu: -1 when it has ended
	unsent  []byte // guarded by mu: what the kernel did not take
	held    bool   // guarded by mu
	leaving bool   // guarded by mu
	failure error  // guarded by mu: why it was shut down here
}

// mostUnsent is what is kept for a server that does not read, in bytes.
const mostUnsent = 4 << 20

var (
	errNotRead   = errors.New("crowd: the server does not read")
	errFragments = errors.New("crowd: fragments out of order")
)

// Send implements Socket.
func (k *loopSocket) Send(text []byte) {
	b := wire.Masked(ws.OpText, text)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.write(b)
}

// Hold implements Socket.
func (k *loopSocket) Hold() { k.hold(true) }

// Go implements Socket.
func (k *loopSocket) Go() { k.hold(false) }

func (k *loopSocket) hold(held bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held = held
	k.watch()
}

// Leave implements Socket.
func (k *loopSocket) Leave() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.leaving, k.held = true, false
	k.write(wire.Masked(ws.OpClose, ws.NewCloseFrameBody(ws.StatusNormalClosure, "")))
	k.watch()
}

// Cut implements Socket.
func (k *loopSocket) Cut() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop()
}

// drop closes the socket, if it is open. k.mu is held.
func (k *loopSocket) drop() bool {
	if k.fd < 0 {
		return false
	}
	_ = unix.Close(k.fd)
	k.fd, k.unsent = -1, nil
	k.loop.leave(k)
	return true
}

// write sends b, or keeps what the kernel does not take. That the connection has
// broken is for read to find out. k.mu is held.
func (k *loopSocket) write(b []byte) {
	if k.fd < 0 {
		return
	}
	k.loop.counts.bytesOut.Add(int64(len(b)))
	if len(k.unsent) == 0 {
		n, err := raw.Send(k.fd, b)
		if err != nil || n == len(b) {
			return
		}
		b = b[n:]
	}
	k.unsent = append(k.unsent, b...)
	if len(k.unsent) > mostUnsent {
		k.failure, k.held = errNotRead, false
		_ = unix.Shutdown(k.fd, unix.SHUT_RDWR)
	}
	k.watch()
}

// flush goes on with what was kept.
func (k *loopSocket) flush() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fd < 0 || len(k.unsent) == 0 {
		return
	}
	n, err := raw.Send(k.fd, k.unsent)
	if k.unsent = k.unsent[n:]; err != nil || len(k.unsent) == 0 {
		k.unsent = nil
		k.watch()
	}
}

// watch asks epoll for what is waited for. k.mu is held.
func (k *loopSocket) watch() {
	if k.fd < 0 {
		return
	}
	ev := unix.EpollEvent{Fd: k.place}
	if !k.held {
		ev.Events |= unix.EPOLLIN
	}
	if len(k.unsent) > 0 {
		ev.Events |= unix.EPOLLOUT
	}
	_ = unix.EpollCtl(k.loop.epoll, unix.EPOLL_CTL_MOD, k.fd, &ev) // fails only where the set is closed
}

// waits reports whether the handshake is not done.
func (k *loopSocket) waits() bool { return !k.opened.Load() && k.open() }

func (k *loopSocket) open() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.fd >= 0
}

// end ends the socket and tells.
func (k *loopSocket) end(err error, at time.Time) {
	k.mu.Lock()
	ended, leaving, failure := k.drop(), k.leaving, k.failure
	k.mu.Unlock()
	switch {
	case !ended: // it was cut
	case leaving:
		k.listener.Ended(k, nil, at)
	case failure != nil:
		k.listener.Ended(k, failure, at)
	default:
		k.listener.Ended(k, err, at)
	}
}

// read takes what has come, one buffer at most.
func (k *loopSocket) read(buf []byte) {
	k.mu.Lock()
	if k.fd < 0 {
		k.mu.Unlock()
		return
	}
	n, err := raw.Receive(k.fd, buf)
	k.mu.Unlock()
	at := time.Now()
	if err != nil {
		k.end(fmt.Errorf("crowd: %w", err), at)
		return
	}
	k.loop.counts.bytesIn.Add(int64(n))
	data := buf[:n]
	if len(k.partial) > 0 {
		k.partial = append(k.partial, data...)
		data = k.partial
	}
	rest, err := k.digest(data, at)
	if err != nil {
		k.end(err, at)
		return
	}
	if len(rest) == 0 {
		k.partial = nil // a socket at rest keeps no buffer
		return
	}
	k.partial = append(k.partial[:0], rest...)
}

// digest handles all that is complete in data and returns what is not.
func (k *loopSocket) digest(data []byte, at time.Time) ([]byte, error) {
	if k.handshake != nil {
		rest, ok, err := k.handshake.cut(data)
		if !ok {
			return rest, err
		}
		k.handshake, data = nil, rest
		k.opened.Store(true)
	}
	for {
		f, rest, ok, err := wire.Cut(data)
		if ok {
			err = k.take(f, at)
		}
		if !ok || err != nil {
			return rest, err
		}
		data = rest
	}
}

// take handles one frame.
func (k *loopSocket) take(f wire.Frame, at time.Time) error {
	if f.Packed {
		return fmt.Errorf("%w: compressed, which was not asked for", wire.ErrHeader)
	}
	switch f.Op {
	case ws.OpText, ws.OpContinuation:
		return k.text(f, at)
	case ws.OpPing:
		k.loop.counts.pings.Add(1)
		pong := wire.Masked(ws.OpPong, f.Payload)
		k.mu.Lock()
		k.write(pong)
		k.mu.Unlock()
		k.listener.Pinged(k, at)
	case ws.OpClose:
		return wire.CloseError(f.Payload)
	case ws.OpPong:
	default:
		return fmt.Errorf("%w: opcode %d", wire.ErrHeader, f.Op)
	}
	return nil
}

// text handles a message, or a fragment of one (RFC 6455, section 5.4).
func (k *loopSocket) text(f wire.Frame, at time.Time) error {
	if k.fragments == (f.Op == ws.OpText) {
		return errFragments
	}
	payload := f.Payload
	if k.fragments || !f.Fin {
		if len(k.message)+len(payload) > wire.MostPayload {
			return wire.ErrTooLarge
		}
		k.message = append(k.message, payload...)
		payload = k.message
	}
	if k.fragments = !f.Fin; k.fragments {
		return nil
	}
	k.message = nil
	k.loop.counts.texts.Add(1)
	k.listener.Text(k, payload, at)
	return nil
}

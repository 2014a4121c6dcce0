//go:build linux && !noepoll

package edge

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// front is a listening socket that the shards accept from. To net/http it is a
// listener that has the connections which are not the shards'.
type front struct {
	// static after construction
	edge *Edge
	addr net.Addr
	fd   int // closed when the last shard has let go of it

	closing sync.Once

	mu     sync.Mutex
	queue  []passed      // guarded by mu
	closed bool          // guarded by mu: nothing is queued any more
	bell   chan struct{} // capacity 1; closed with the front
}

// passed is a connection for net/http, and what was read of it.
type passed struct {
	fd   int
	data []byte
}

// Listen makes the shards accept from l. A WebSocket below Config.Path becomes a
// shard's at once; every other connection, with all that it has sent, comes out
// of the listener that is returned, for an http.Server that has the Edge as its
// handler for that path. Closing it ends both. Of an l that is not TCP, such as
// one of TLS, the shards accept nothing, and l itself is returned.
//
// An Edge listens once.
func (e *Edge) Listen(l net.Listener) (net.Listener, error) {
	tcp, is := l.(*net.TCPListener)
	if !is {
		return l, nil
	}
	fd, err := duplicate(tcp)
	if err != nil {
		return nil, err
	}
	// What the listening socket has set, an accepted one has too.
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("edge: listen: %w", err)
	}
	if e.listening.Swap(true) {
		_ = unix.Close(fd)
		return nil, errors.New("edge: listens already")
	}
	f := &front{edge: e, addr: l.Addr(), fd: fd, bell: make(chan struct{}, 1)}
	_ = tcp.Close() // its duplicate goes on listening, out of the runtime's poller
	for _, s := range e.shards {
		if ep, is := s.poll.(*epoll); is {
			s.Post(func() { ep.door.start(f) })
		}
	}
	return f, nil
}

// Addr implements net.Listener.
func (f *front) Addr() net.Addr { return f.addr }

// Accept implements net.Listener. After Close it still gives what was queued.
func (f *front) Accept() (net.Conn, error) {
	for {
		p, ok, err := f.take()
		if err != nil {
			return nil, err
		}
		if !ok {
			<-f.bell
			continue
		}
		nc, err := p.conn()
		if err != nil {
			f.edge.cfg.Logger.Warn("edge: connection not passed on", "err", err)
			continue
		}
		return nc, nil
	}
}

func (f *front) take() (p passed, ok bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case len(f.queue) > 0:
		p = f.queue[0]
		f.queue = f.queue[1:]
		return p, true, nil
	case f.closed:
		return p, false, net.ErrClosed
	}
	return p, false, nil
}

// pass queues a connection for net/http. It takes fd over and copies data.
func (f *front) pass(fd int, data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		_ = unix.Close(fd)
		return
	}
	f.queue = append(f.queue, passed{fd, append([]byte(nil), data...)})
	select {
	case f.bell <- struct{}{}:
	default:
	}
}

// conn gives the descriptor to the runtime's poller.
func (p passed) conn() (net.Conn, error) {
	file := os.NewFile(uintptr(p.fd), "")
	nc, err := net.FileConn(file)
	_ = file.Close()
	if err != nil {
		return nil, fmt.Errorf("edge: file conn: %w", err)
	}
	if tcp, is := nc.(*net.TCPConn); is {
		return &replayed{tcp, p.data}, nil
	}
	_ = nc.Close()
	return nil, errors.New("edge: not a TCP connection")
}

// Close implements net.Listener. Connections that the kernel has accepted are
// still looked at. It returns when the port is free, and may be called again.
func (f *front) Close() error {
	f.closing.Do(func() {
		var shut sync.WaitGroup
		for _, s := range f.edge.shards {
			if ep, is := s.poll.(*epoll); is {
				shut.Add(1)
				if !s.Post(func() { ep.door.shut(); shut.Done() }) {
					shut.Done()
				}
			}
		}
		shut.Wait()
		_ = unix.Close(f.fd)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.closed = true
		close(f.bell)
	})
	return nil
}

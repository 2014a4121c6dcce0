//go:build !linux || noepoll

package edge

import (
	"crypto/tls"
	"net"
	"time"
)

// sleeper is the poller of systems without epoll: it has no sockets of its
// own, since streams post to the mailbox, and only sleeps until woken.
type sleeper struct{ bell chan struct{} }

func newPoller(*Shard) (poller, error) { return &sleeper{bell: make(chan struct{}, 1)}, nil }

func (p *sleeper) wait(until time.Time) error {
	if until.IsZero() {
		return nil
	}
	t := time.NewTimer(time.Until(until))
	defer t.Stop()
	select {
	case <-p.bell:
	case <-t.C:
	}
	return nil
}

func (p *sleeper) accept() {}

func (p *sleeper) wake() {
	select {
	case p.bell <- struct{}{}:
	default:
	}
}

func (p *sleeper) close() {}

func newTransport(c *Conn, nc net.Conn) (transport, error) { return newStream(c, nc), nil }

// fdSocket does not exist here.
type fdSocket struct{}

func serverTLS(nc net.Conn, cfg *tls.Config) *tls.Conn { return tls.Server(nc, cfg) }

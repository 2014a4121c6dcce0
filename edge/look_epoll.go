//go:build linux && !noepoll

package edge

import (
	"bytes"
	"context"
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// look reads what a connection has sent, a guest's or a new one's (g is nil),
// and sends it where it belongs once that is clear.
func (d *door) look(a arrival, g *guest) {
	data := d.shard.buf
	kept := 0
	if g != nil {
		kept = copy(data, g.head)
	}
	n, err := unix.Read(a.fd, data[kept:])
	switch {
	case n > 0:
	case errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR):
		d.await(a, g, nil)
		return
	default: // end of stream, or an error
		d.leave(g)
		_ = unix.Close(a.fd)
		return
	}
	data = data[:kept+n]
	size, v := judge(data, d.shard.edge.start)
	switch v {
	case incomplete:
		d.await(a, g, data)
	case foreign:
		d.leave(g)
		d.pass(a, data)
	case whole:
		d.leave(g)
		d.upgrade(a, data, size)
	}
}

// upgrade decides on a request whose head is the first size bytes of data. What
// is not clear is net/http's, which answers it by way of ServeHTTP.
func (d *door) upgrade(a arrival, data []byte, size int) {
	e := d.shard.edge
	req, answer, err := d.upgrader.read(data[:size])
	if err != nil || !e.enter() {
		d.pass(a, data)
		return
	}
	req.Scheme, req.Remote = "http", a.remote
	n := newcomer{via: descriptor{a.fd, a.watched}, request: req, answer: answer, early: data[size:]}
	var known bool
	n.admission, known = e.gate.AdmitNow(req)
	if !known || n.admission.Shard != d.shard {
		d.unwatch(a)
		n.via = descriptor{a.fd, false}
	}
	switch {
	case !known:
		d.ask(n, a.fd, data)
		return
	case n.admission.Refuse != nil:
		d.pass(a, data)
	default:
		e.settleIn(n, d.shard)
	}
	e.admitting.RUnlock()
}

// ask has the gate decide off the shard.
func (d *door) ask(n newcomer, fd int, data []byte) {
	e, front := d.shard.edge, d.front
	late := time.Now().Add(e.cfg.HandshakeTimeout)
	size := len(data) - len(n.early)
	data = bytes.Clone(data) // the shard's buffer
	n.early = data[size:]
	if e.asking.run(func() {
		defer e.admitting.RUnlock()
		ctx, cancel := context.WithDeadline(context.Background(), late)
		defer cancel()
		if n.admission = e.gate.Admit(ctx, n.request); n.admission.Refuse != nil {
			front.pass(fd, data)
			return
		}
		e.settleIn(n, nil)
	}) {
		return
	}
	defer e.admitting.RUnlock()
	n.admission = Admission{Result: "overloaded", Close: Closure{Code: codeOverloaded, Reason: "overloaded"}}
	e.settleIn(n, d.shard)
}

// descriptor is a connection that only epoll sets know.
type descriptor struct {
	fd      int
	watched bool // by the shard that it goes to
}

func (d descriptor) transport(c *Conn) (transport, error) {
	op := unix.EPOLL_CTL_ADD
	if d.watched {
		op = unix.EPOLL_CTL_MOD
	}
	return c.shard.poll.(*epoll).add(c, d.fd, op)
}

func (d descriptor) close() { _ = unix.Close(d.fd) }

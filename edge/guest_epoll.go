//go:build linux && !noepoll

package edge

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// guest is a connection whose request is not whole: it costs this struct and
// what it has sent.
type guest struct {
	fd       int
	remote   netip.Addr
	head     []byte // what came so far
	deadline int32  // tick

	next, prev *guest // in order of arrival
}

// guests are waited for in the epoll set, all for the same time, so that the
// oldest is due first.
type guests struct {
	of             map[int]*guest // by descriptor
	oldest, newest *guest
}

// Numbers that come with epoll's events: the slots of sockets from 0 on, and
// below them these, and one for each guest's descriptor.
const (
	wakeSlot = -1 - iota
	doorSlot
	guestSlots
)

func slotOf(guest int) int32 { return int32(guestSlots - guest) }
func guestOf(slot int32) int { return int(guestSlots - slot) }

func (gs *guests) add(g *guest) {
	gs.of[g.fd] = g
	g.prev = gs.newest
	if g.prev != nil {
		g.prev.next = g
	} else {
		gs.oldest = g
	}
	gs.newest = g
}

func (gs *guests) remove(g *guest) {
	delete(gs.of, g.fd)
	if g.prev != nil {
		g.prev.next = g.next
	} else {
		gs.oldest = g.next
	}
	if g.next != nil {
		g.next.prev = g.prev
	} else {
		gs.newest = g.prev
	}
}

// await keeps all that a connection has sent, and waits for more; data is nil
// where nothing new has come.
func (d *door) await(a arrival, g *guest, data []byte) {
	if g == nil {
		timeout := d.shard.ticks(d.shard.edge.cfg.HandshakeTimeout)
		g = &guest{fd: a.fd, remote: a.remote, deadline: d.shard.wheel.now + timeout + 1} // the tick under way is not a whole one
		ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLRDHUP, Fd: slotOf(a.fd)}
		if err := unix.EpollCtl(d.ep.fd, unix.EPOLL_CTL_ADD, a.fd, &ev); err != nil {
			d.shard.edge.cfg.Logger.Warn("edge: connection not registered", "err", err)
			_ = unix.Close(a.fd)
			return
		}
		d.guests.add(g)
	}
	if data != nil {
		g.head = append(g.head, data[len(g.head):]...)
	}
}

// leave forgets a guest, whose descriptor is the caller's then.
func (d *door) leave(g *guest) {
	if g != nil {
		d.guests.remove(g)
	}
}

// unwatch takes a connection out of the epoll set.
func (d *door) unwatch(a arrival) {
	if a.watched {
		_ = unix.EpollCtl(d.ep.fd, unix.EPOLL_CTL_DEL, a.fd, nil)
	}
}

// pass gives a connection to net/http.
func (d *door) pass(a arrival, data []byte) {
	d.unwatch(a)
	d.front.pass(a.fd, data)
}

// expire ends those who took too long. One that has said nothing may be a probe
// of the port, and is not counted.
func (d *door) expire() {
	for g := d.guests.oldest; g != nil && g.deadline <= d.shard.wheel.now; g = d.guests.oldest {
		if len(g.head) > 0 {
			d.shard.edge.cfg.Meter.Handshake("timeout")
		}
		d.leave(g)
		_ = unix.Close(g.fd) // and so it is out of the epoll set
	}
}

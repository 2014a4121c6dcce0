//go:build linux && !noepoll

package edge

import (
	"errors"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// acceptsPerTurn empties the kernel's queue before anything else is done
	// about its connections: where it overflows, a client's SYN is dropped and
	// comes back after a second.
	acceptsPerTurn = 1024
	// looksPerTurn bounds how long a storm of newcomers holds up the sockets that
	// are there, to a millisecond or two: so many new connections, and so many
	// guests that have sent more.
	looksPerTurn = 64
)

// door is where a shard accepts connections and reads their first bytes.
type door struct {
	shard *Shard
	ep    *epoll

	// owned by the shard
	front    *front    // nil: never opened
	open     bool      // front is to be accepted from
	knocked  bool      // and is readable
	resume   int32     // tick at which accepting goes on after an error; 0: it does
	queue    []arrival // accepted, and not looked at yet
	guests   guests    // looked at, and waited for in the epoll set
	noticed  []int     // descriptors of guests that are readable
	upgrader *upgrader
}

// arrival is a connection of which nothing is known but where it comes from.
type arrival struct {
	fd      int
	remote  netip.Addr
	watched bool // is in the epoll set
}

func newDoor(s *Shard, ep *epoll) *door {
	return &door{shard: s, ep: ep, guests: guests{of: map[int]*guest{}}, upgrader: newUpgrader()}
}

// start accepts from f. Where other shards do too, the kernel wakes one of them
// for a connection, not all.
func (d *door) start(f *front) {
	d.front, d.open = f, true
	d.listen()
}

func (d *door) listen() {
	ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLEXCLUSIVE, Fd: doorSlot}
	if err := unix.EpollCtl(d.ep.fd, unix.EPOLL_CTL_ADD, d.front.fd, &ev); err != nil {
		d.backOff(err)
	}
}

// shut stops accepting, after a look at all who were accepted. Guests stay.
func (d *door) shut() {
	if !d.open {
		return
	}
	d.receive(len(d.queue))
	_ = unix.EpollCtl(d.ep.fd, unix.EPOLL_CTL_DEL, d.front.fd, nil)
	d.open, d.knocked, d.resume = false, false, 0
}

// close is the end of the shard.
func (d *door) close() {
	for _, a := range d.queue {
		_ = unix.Close(a.fd)
	}
	for fd := range d.guests.of {
		_ = unix.Close(fd)
	}
}

// waiting reports whether there is something to do without a new event.
func (d *door) waiting() bool { return len(d.queue) > 0 }

// notice takes an event that is for no socket.
func (d *door) notice(slot int32) {
	if slot == doorSlot {
		d.knocked = true
		return
	}
	d.noticed = append(d.noticed, guestOf(slot))
}

// turn does what the events of a turn, and the time, ask for.
func (d *door) turn() {
	if d.knocked {
		d.accept()
	}
	d.knocked = false
	for _, fd := range d.noticed[:min(len(d.noticed), looksPerTurn)] { // of the others the kernel tells again
		if g := d.guests.of[fd]; g != nil {
			d.look(arrival{fd, g.remote, true}, g)
		}
	}
	d.noticed = d.noticed[:0]
	d.receive(looksPerTurn)
	d.expire()
	if d.resume > 0 && d.resume <= d.shard.wheel.now {
		d.resume = 0
		d.listen()
	}
}

// receive looks at most at so many who were accepted.
func (d *door) receive(most int) {
	n := min(len(d.queue), most)
	for _, a := range d.queue[:n] {
		d.look(a, nil)
	}
	if d.queue = d.queue[:copy(d.queue, d.queue[n:])]; len(d.queue) == 0 && cap(d.queue) > acceptsPerTurn {
		d.queue = nil // a storm must not be paid for ever after
	}
}

// accept empties the kernel's queue, unless the door is shut or an error lies
// only moments back.
func (d *door) accept() {
	if !d.open || d.resume > 0 {
		return
	}
	for range acceptsPerTurn {
		// Not that of package unix, which asks the kernel for more with each.
		fd, from, err := syscall.Accept4(d.front.fd, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		switch {
		case err == nil:
			d.queue = append(d.queue, arrival{fd: fd, remote: addrOf(from)})
		case errors.Is(err, unix.EAGAIN):
			return
		case errors.Is(err, unix.EINTR) || errors.Is(err, unix.ECONNABORTED):
		default:
			d.backOff(err)
			return
		}
	}
}

// backOff leaves the listening socket alone until the next tick: without
// descriptors or memory it would be readable for ever. Those who come meanwhile
// wait in the kernel's queue.
func (d *door) backOff(err error) {
	d.shard.edge.cfg.Meter.Handshake("accept_failed")
	d.shard.edge.cfg.Logger.Error("edge: cannot accept", "shard", d.shard.id, "err", err)
	_ = unix.EpollCtl(d.ep.fd, unix.EPOLL_CTL_DEL, d.front.fd, nil)
	d.resume = d.shard.wheel.now + 1
}

func addrOf(from syscall.Sockaddr) netip.Addr {
	switch a := from.(type) {
	case *syscall.SockaddrInet4:
		return netip.AddrFrom4(a.Addr)
	case *syscall.SockaddrInet6:
		return netip.AddrFrom16(a.Addr).Unmap()
	}
	return netip.Addr{}
}

package edge

import (
	"net/netip"
	"sync"
)

// addresses counts the sockets of each IP address, where that is limited.
type addresses struct {
	most int // static; 0: not limited, nothing is counted

	mu    sync.Mutex
	count map[netip.Addr]*addressCount // guarded by mu
}

// addressCount is how many sockets an address has, guarded by addresses.mu.
type addressCount struct {
	addr netip.Addr
	n    int
}

// acquire counts one more socket, unless the address has its fill. It returns
// what release wants: nil for a socket that is not counted.
func (a *addresses) acquire(addr netip.Addr) (_ *addressCount, ok bool) {
	if a.most == 0 || !addr.IsValid() {
		return nil, true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.count[addr]
	if c == nil {
		c = &addressCount{addr: addr}
	}
	if c.n >= a.most {
		return nil, false
	}
	if a.count == nil {
		a.count = make(map[netip.Addr]*addressCount)
	}
	c.n++
	a.count[addr] = c
	return c, true
}

func (a *addresses) release(c *addressCount) {
	if c == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if c.n--; c.n == 0 {
		delete(a.count, c.addr)
	}
}

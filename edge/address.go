package edge

import (
	"net/netip"
	"sync"
)

// addresses counts the sockets of each IP address, where that is limited.
type addresses struct {
	most int // static; 0: not limited, nothing is counted

	mu    sync.Mutex
	count map[netip.Addr]int // guarded by mu
}

// acquire counts one more socket, unless the address has its fill. The zero
// address is not counted.
func (a *addresses) acquire(addr netip.Addr) bool {
	if a.most == 0 || !addr.IsValid() {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.count[addr] >= a.most {
		return false
	}
	if a.count == nil {
		a.count = make(map[netip.Addr]int)
	}
	a.count[addr]++
	return true
}

func (a *addresses) release(addr netip.Addr) {
	if a.most == 0 || !addr.IsValid() {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.count[addr]--; a.count[addr] <= 0 {
		delete(a.count, addr)
	}
}

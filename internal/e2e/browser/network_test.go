package browser

import (
	"slices"
	"sync"

	"parley/internal/faults"
)

// network is a page's way to the node, which can be broken.
type network struct {
	proxy *faults.Proxy // static

	mu    sync.Mutex
	conns []*faults.Conn // guarded by mu: those that may be open
	dark  bool           // guarded by mu: nothing passes
}

func newNetwork(target string) (*network, error) {
	w := &network{}
	p, err := faults.New(target, w.accepted)
	w.proxy = p
	return w, err
}

func (w *network) accepted(c *faults.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conns = append(slices.DeleteFunc(w.conns, ended), c)
	c.Stall(w.dark, w.dark)
}

func ended(c *faults.Conn) bool {
	select {
	case <-c.Done():
		return true
	default:
		return false
	}
}

// hole swallows whatever is sent either way, on connections old and new, and tells
// nobody: what TCP sends again arrives after heal.
func (w *network) hole() { w.darken(true) }

func (w *network) heal() { w.darken(false) }

func (w *network) darken(dark bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dark = dark
	for _, c := range w.conns {
		c.Stall(dark, dark)
	}
}

// cut resets all connections; new ones can be made.
func (w *network) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		c.Cut()
	}
}

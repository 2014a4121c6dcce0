package room_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/ledger"
	"parley/room"
)

// nodes are several in one process, which share a bus and a vault.
type nodes struct {
	t      testing.TB
	medium *cluster.Memory
	memory *ledger.Memory
	all    []*node
	cables []*cable
	dead   sync.Map // boots
}

// startNodes starts so many, named a, b, c …
func startNodes(t testing.TB, n int, cfg room.Config, behave func(i int) *fake) *nodes {
	t.Helper()
	x := &nodes{t: t, medium: cluster.NewMemory(), memory: ledger.NewMemory(time.Now)}
	for i := range n {
		cfg := cfg
		cfg.Node = string(rune('a' + i))
		cfg.Boot = cfg.Node + ".boot"
		c := &cable{Bus: x.medium.Bus(), Ledger: x.memory.Ledger()}
		t.Cleanup(func() { _ = c.Bus.Close() })
		cfg.Ledger = c
		cfg.Dead = func(boot string) bool { _, dead := x.dead.Load(boot); return dead }
		x.cables = append(x.cables, c)
		x.all = append(x.all, startOn(t, cfg, behave(i), c))
	}
	return x
}

// plain is what nodes do whose behaviors are of no interest.
func plain(int) *fake { return &fake{} }

// cable is a node's way to the others, which can be cut.
type cable struct {
	cluster.Bus
	ledger.Ledger
	deaf atomic.Bool // no letter arrives, as at a node that is stopped or cut off
	down atomic.Bool // the vault takes nothing

	claims atomic.Int64 // written to other nodes, with all else that one of them is written

	// swapping, where set, runs before each Swap.
	swapping atomic.Pointer[func()]
}

// Follow implements cluster.Bus.
func (c *cable) Follow(topic string, handler func([]byte), live func()) func() {
	return c.Bus.Follow(topic, func(b []byte) {
		if !c.deaf.Load() {
			handler(b)
		}
	}, live)
}

// Post implements cluster.Bus.
func (c *cable) Post(topic string, payload []byte) bool {
	if strings.HasPrefix(topic, "parley.node.") {
		c.claims.Add(1)
	}
	return c.Bus.Post(topic, payload)
}

// Swap implements room.Ledger.
func (c *cable) Swap(ctx context.Context, key string, was int64, value []byte, ttl time.Duration) (ledger.Document, bool, error) {
	if fn := c.swapping.Load(); fn != nil {
		(*fn)()
	}
	if c.down.Load() {
		return ledger.Document{}, false, errors.New("the vault is out of reach")
	}
	return c.Ledger.Swap(ctx, key, was, value, ttl)
}

// Close implements cluster.Bus and ledger.Ledger.
func (c *cable) Close() error { return c.Bus.Close() }

// Ping implements both.
func (c *cable) Ping(ctx context.Context) error { return c.Bus.Ping(ctx) }

// document is what the vault has of a line.
func (x *nodes) document(name string) ledger.Document {
	d, err := x.memory.Ledger().Load(context.Background(), "line:"+name)
	require.NoError(x.t, err)
	return d
}

// putBy waits until a line is in the vault.
func (x *nodes) putBy(name string) {
	x.t.Helper()
	require.Eventually(x.t, func() bool { return x.document(name).Version != 0 }, patience, time.Millisecond)
}

// kill has a node be dead to the others; it hears them no more.
func (x *nodes) kill(i int) {
	x.cables[i].deaf.Store(true)
	x.dead.Store(x.all[i].hub.Boot(), true)
}

// bare requires that nothing of lines is left on a node, but for so many.
func (n *node) bare(lines int) {
	n.t.Helper()
	require.Eventually(n.t, func() bool {
		return n.hub.Lines() == lines && n.hub.Journeys() <= lines
	}, patience, time.Millisecond, "%d lines, %d journeys", n.hub.Lines(), n.hub.Journeys())
	n.await("suspended", 0)
	require.Eventually(n.t, func() bool { return lines > 0 || n.hub.Kept() == 0 }, patience, time.Millisecond, "%d bytes kept", n.hub.Kept())
}

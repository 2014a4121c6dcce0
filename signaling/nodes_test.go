package signaling_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/cluster/clustertest"
	"parley/ledger"
	"parley/protocol"
	"parley/room"
	"parley/signaling"
)

// nodes are some that share their rooms.
type nodes struct {
	all    []*member
	ledger *ledger.Memory
	fleet  *fleet
}

// member is one of them, which can be cut off.
type member struct {
	*node
	boot string
	bus  *clustertest.Lossy
	book *book
}

// book is a node's ledger that may be out of reach.
type book struct {
	ledger.Ledger
	mu   sync.Mutex
	fail bool // guarded by mu
}

var errOutOfReach = errors.New("the ledger is out of reach")

func (b *book) cut(fail bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = fail
}

func (b *book) err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail {
		return errOutOfReach
	}
	return nil
}

func (b *book) Load(ctx context.Context, key string) (ledger.Document, error) {
	if err := b.err(); err != nil {
		return ledger.Document{}, err
	}
	return b.Ledger.Load(ctx, key)
}

func (b *book) LoadAll(ctx context.Context, keys []string) ([]ledger.Document, error) {
	if err := b.err(); err != nil {
		return nil, err
	}
	return b.Ledger.LoadAll(ctx, keys)
}

func (b *book) Swap(ctx context.Context, key string, was int64, value []byte, ttl time.Duration) (ledger.Document, bool, error) {
	if err := b.err(); err != nil {
		return ledger.Document{}, false, err
	}
	return b.Ledger.Swap(ctx, key, was, value, ttl)
}

// fleet knows who is dead.
type fleet struct {
	mu   sync.Mutex
	dead map[string]bool // guarded by mu
}

func (f *fleet) Dead(boot string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dead[boot]
}

func startNodes(t *testing.T, cfg signaling.Config) *nodes {
	t.Helper()
	return startNodesKeeping(t, cfg, room.Resume{})
}

// startNodesKeeping is startNodes where clients may return.
func startNodesKeeping(t *testing.T, cfg signaling.Config, keep room.Resume) *nodes {
	t.Helper()
	medium := cluster.NewMemory()
	ns := &nodes{ledger: ledger.NewMemory(time.Now), fleet: &fleet{dead: make(map[string]bool)}}
	for i := range 3 {
		bus := medium.Bus()
		m := &member{
			boot: fmt.Sprintf("n%d.boot", i+1), bus: clustertest.NewLossy(bus, uint64(i), 0),
			book: &book{Ledger: ns.ledger.Ledger()},
		}
		cfg.Ledger, cfg.Nodes = m.book, ns.fleet
		m.node = startOn(t, cfg, room.Config{
			Node: fmt.Sprintf("n%d", i+1), Boot: m.boot, Resume: keep, Ledger: m.book, Dead: ns.fleet.Dead,
		}, m.bus)
		ns.all = append(ns.all, m)
		t.Cleanup(func() { require.NoError(t, bus.Close()) })
	}
	return ns
}

// die has the others know that a node is gone. It hears no more of them.
func (ns *nodes) die(m *member, gone bool) {
	share := 0.0
	if gone {
		share = 1
	}
	m.bus.SetShare(share)
	ns.fleet.mu.Lock()
	ns.fleet.dead[m.boot] = gone
	ns.fleet.mu.Unlock()
	if gone {
		for _, o := range ns.all {
			if !ns.fleet.Dead(o.boot) {
				o.calls.Gone([]string{m.boot})
			}
		}
	}
}

// opens opens a socket of a user at each node, and joins.
func (ns *nodes) meet(t *testing.T, users ...int64) []*socket {
	t.Helper()
	var all []*socket
	for i, u := range users {
		k := ns.all[i%len(ns.all)].open(t, u)
		k.join(t)
		all = append(all, k)
	}
	want := ""
	for _, u := range slices.Sorted(maps.Keys(count(users))) {
		want += fmt.Sprintf(" user%d:active", u)
	}
	for i := range users {
		ns.all[i%len(ns.all)].shows(t, want)
	}
	return all
}

func count(users []int64) map[int64]int {
	n := make(map[int64]int)
	for _, u := range users {
		n[u]++
	}
	return n
}

// shows waits until a node shows the call so, users in order.
func (m *member) shows(t *testing.T, want string) {
	t.Helper()
	var got string
	require.Eventually(t, func() bool {
		all := states(m.state(t).Participants)
		slices.Sort(all)
		got = ""
		for _, s := range all {
			got += " " + s
		}
		return got == want
	}, patience, time.Millisecond, "%s does not show%s", m.boot, want)
}

// answer reads on to the answer with an id.
func (k *socket) answer(t *testing.T, id string) (typ protocol.Type, data json.RawMessage) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		_, b, err := k.conn.Read(ctx)
		require.NoError(t, err, "waiting for the answer to %s", id)
		var f struct {
			Type protocol.Type
			ID   string
			Data json.RawMessage
		}
		require.NoError(t, json.Unmarshal(b, &f))
		if f.ID == id {
			return f.Type, f.Data
		}
	}
}

// failed sends a frame with an id and returns the code of the error that answers.
func (k *socket) failed(t *testing.T, id, frame string) protocol.Code {
	t.Helper()
	k.send(t, frame)
	typ, data := k.answer(t, id)
	require.Equal(t, protocol.TypeError, typ, "%s", data)
	var e protocol.ErrorData
	require.NoError(t, json.Unmarshal(data, &e))
	return e.Code
}

// closedWith reads on to the close and returns its code.
func (k *socket) closedWith(t *testing.T) protocol.CloseCode {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		if _, _, err := k.conn.Read(ctx); err != nil {
			return protocol.CloseCode(websocket.CloseStatus(err))
		}
	}
}

// reason reads on to user_left and returns of whom, and why.
func (k *socket) left(t *testing.T) (userID int64, why protocol.LeaveReason) {
	t.Helper()
	var l protocol.UserLeft
	require.NoError(t, json.Unmarshal(k.await(t, protocol.TypeUserLeft), &l))
	return l.UserID, l.Reason
}

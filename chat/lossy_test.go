package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/cluster/clustertest"
	"parley/protocol"
)

// witness is a client that holds what it sees against the contract.
type witness struct {
	name   string
	seed   uint64
	node   *node
	comes  bool // and goes
	answer chan struct{}
	socket chan *websocket.Conn // capacity 1: its first

	mu       sync.Mutex
	last     int64                      // seq; guarded by mu, as is all below
	contents map[int64]protocol.Message // by id, as last seen on this socket
	wrong    string
}

// see takes a frame; what is wrong with it is returned.
func (w *witness) see(conn *websocket.Conn, b []byte) string {
	var f frame
	if err := json.Unmarshal(b, &f); err != nil {
		return err.Error()
	}
	var m protocol.Message
	switch f.Type {
	case protocol.TypePresenceState: // it is up to date
		select {
		case w.socket <- conn:
		default:
		}
		return ""
	case protocol.TypeAck, protocol.TypeError:
		w.answer <- struct{}{}
		return ""
	case protocol.TypeChatMessage, protocol.TypeMessageEdit, protocol.TypeMessageDelete:
		if err := json.Unmarshal(f.Data, &m); err != nil {
			return err.Error()
		}
	default:
		return ""
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	was, known := w.contents[m.ID]
	switch {
	case f.Type == protocol.TypeChatMessage && m.Seq != w.last+1:
		return fmt.Sprintf("message %d after %d", m.Seq, w.last)
	case f.Type == protocol.TypeChatMessage:
		w.last = m.Seq
	case m.Seq > w.last:
		return fmt.Sprintf("%s of message %d after %d", f.Type, m.Seq, w.last)
	case known && !w.comes && version(m) < version(was):
		return fmt.Sprintf("%s of message %d goes back from %q to %q", f.Type, m.Seq, was.Content, m.Content)
	}
	w.contents[m.ID] = m
	return ""
}

func version(m protocol.Message) int64 {
	switch {
	case m.DeletedAt != nil:
		return m.DeletedAt.UnixMilli()
	case m.EditedAt != nil:
		return m.EditedAt.UnixMilli()
	default:
		return 0
	}
}

// run is the client, until ctx ends: one who comes and goes returns with what it has.
func (w *witness) run(ctx context.Context, user int64) {
	random := rand.New(rand.NewPCG(w.seed, uint64(user)))
	for ctx.Err() == nil {
		w.mu.Lock()
		since := w.last
		w.contents = make(map[int64]protocol.Message)
		w.mu.Unlock()
		conn, _, err := websocket.Dial(ctx, fmt.Sprintf("ws://%s/?user=%d&since=%d", w.node.addr, user, since), nil)
		if err != nil {
			w.fail(ctx, err.Error())
			return
		}
		conn.SetReadLimit(-1)
		for stay := 20 + random.IntN(80); !w.comes || stay > 0; stay-- {
			_, b, err := conn.Read(ctx)
			if err == nil {
				if wrong := w.see(conn, b); wrong == "" {
					continue
				} else {
					err = fmt.Errorf("%s, since %d", wrong, since)
				}
			}
			w.fail(ctx, err.Error())
			_ = conn.CloseNow()
			return
		}
		_ = conn.CloseNow()
	}
}

func (w *witness) fail(ctx context.Context, wrong string) {
	if ctx.Err() != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = wrong
}

// state is how far it has come, and whether what it has of the messages is what the
// store has.
func (w *witness) state(st *fakeStore) (last int64, stale []string, wrong string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range st.messages {
		if has, ok := w.contents[m.ID]; ok && has.Content != m.Content {
			stale = append(stale, fmt.Sprintf("%d: %q, not %q", m.Seq, has.Content, m.Content))
		}
	}
	return w.last, stale, w.wrong
}

// write sends messages as REST does, and edits and deletes what anybody wrote by the
// witness's socket.
func (w *witness) write(t *testing.T, conn *websocket.Conn, random *rand.Rand, ops int) {
	for op := range ops {
		content := fmt.Sprintf("%s %d", w.name, op)
		id := 1001 + w.node.store.count() - 1 - random.Int64N(5)
		if id < 1001 || random.IntN(3) > 0 {
			if _, _, err := w.node.chat.Send(t.Context(), userOf(2), 1, protocol.SendMessage{Content: &content}); err != nil {
				t.Error(err)
				return
			}
			continue
		}
		change := fmt.Sprintf(`{"type":"message_edit","id":"1","data":{"message_id":%d,"content":"edited by %s"}}`, id, content)
		if random.IntN(10) == 0 {
			change = fmt.Sprintf(`{"type":"message_delete","id":"1","data":{"message_id":%d}}`, id)
		}
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(change)); err != nil {
			t.Error(err)
			return
		}
		select {
		case <-w.answer:
		case <-time.After(patience):
			t.Errorf("%s: no answer", w.name)
			return
		}
	}
}

// Whatever is lost between three nodes that all write to a room: each client sees
// every message once, in order, and in the end each message as it is.
func TestNodesOnALossyBus(t *testing.T) {
	for _, share := range []float64{0, .05, .5, 1} {
		t.Run(fmt.Sprint(share), func(t *testing.T) {
			t.Parallel()
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			ns := startNodes(t, 3, newFakeStore(0), func(i int, b cluster.Bus) cluster.Bus {
				return clustertest.NewLossy(b, seed+uint64(i), share)
			}, nil)
			lossyRun(t, ns, seed)
			for i, m := range ns.meters {
				heard, byNews, byStore := m.counted()
				t.Logf("node %d: heard %d; gaps closed by news %d, by the store %d", i, heard, byNews, byStore)
				if share > 0 {
					require.Positive(t, byStore, "nothing was repaired")
				}
			}
		})
	}
}

func lossyRun(t *testing.T, ns *nodes, seed uint64) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var clients, writers sync.WaitGroup
	var all []*witness
	for i, n := range ns.all {
		for j := range 3 {
			w := &witness{name: fmt.Sprintf("witness %d of %s", j, n.boot), seed: seed, node: n, comes: j > 0, answer: make(chan struct{}, 1), socket: make(chan *websocket.Conn, 1)}
			all = append(all, w)
			user := int64(10*(i+1) + j)
			if j == 0 {
				user = 2 // may edit what the others wrote
			}
			clients.Go(func() { w.run(ctx, user) })
		}
	}
	sockets := make([]*websocket.Conn, len(ns.all))
	for i := range ns.all {
		sockets[i] = take(t, all[3*i].socket, "a socket")
	}
	for i, conn := range sockets {
		writers.Go(func() { all[3*i].write(t, conn, rand.New(rand.NewPCG(seed, uint64(i))), 150) })
	}
	written := make(chan struct{})
	go func() { writers.Wait(); close(written) }()
	for done := false; !done; {
		select {
		case <-written:
			done = true
		case <-time.After(50 * time.Millisecond):
		}
		ns.sweep()
	}
	var bad []string
	well := func() bool {
		ns.sweep()
		bad = nil
		for _, w := range all {
			last, stale, wrong := w.state(ns.store)
			if wrong != "" {
				require.Empty(t, wrong, "%s; seed %d", w.name, seed)
			}
			if last != ns.store.count() || len(stale) > 0 {
				bad = append(bad, fmt.Sprintf("%s: has %d of %d; %v", w.name, last, ns.store.count(), stale))
			}
		}
		return len(bad) == 0
	}
	for end := time.Now().Add(3 * patience); !well() && time.Now().Before(end); {
		select {
		case <-t.Context().Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	require.Empty(t, bad, "seed %d:\n%s", seed, strings.Join(bad, "\n"))
	cancel()
	clients.Wait()
}

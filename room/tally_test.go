package room_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/ledger"
	"parley/protocol"
	"parley/room"
)

// A user's sockets are counted on all nodes: of many that come at once to three of
// them, exactly as many stay as may.
func TestSocketsOfAUserAreLimitedOnAllNodes(t *testing.T) {
	const most, each = 4, 6
	medium, documents := cluster.NewMemory(), ledger.NewMemory(time.Now)
	var mu sync.Mutex
	var dead string
	var nodes []*node
	for range 3 {
		cfg := room.Config{SessionsOfUser: most, Ledger: documents.Ledger(), Dead: func(boot string) bool {
			mu.Lock()
			defer mu.Unlock()
			return boot == dead
		}}
		nodes = append(nodes, startOn(t, cfg, &fake{}, medium.Bus()))
	}
	var here [][]*peer
	for _, n := range nodes {
		var peers []*peer
		for range each { // of which one node alone refuses two
			peers = append(peers, n.dial("user=7"))
		}
		here = append(here, peers)
	}
	settle(t, nodes)
	stayed := make([]int, len(nodes))
	for i, peers := range here {
		for _, p := range peers {
			if p.stays() {
				stayed[i]++
			}
		}
	}
	require.Equal(t, most, stayed[0]+stayed[1]+stayed[2])
	nodes[0].enter("user=8").alive() // it is each user's own

	mu.Lock()
	dead = nodes[0].hub.Boot()
	mu.Unlock()
	for range stayed[0] { // what a dead node has is nobody's
		p := nodes[1].dial("user=7")
		settle(t, nodes)
		require.True(t, p.stays())
	}
}

// A session that moves is no socket more, though the node that it comes from may
// still be counted.
func TestASessionThatMovesIsNotOneTooMany(t *testing.T) {
	cfg := lasting()
	cfg.SessionsOfUser = 1
	x := startNodes(t, 2, cfg, plain)
	w := x.lost("user=7&ack=1")
	settle(t, x.all)
	x.cables[0].deaf.Store(true) // and not known to be dead
	p := x.all[1].resume(w, 2, "user=7&ack=1")
	require.True(t, welcomed(t, p).Resumed)
	settle(t, x.all)
	require.True(t, p.stays())
	require.False(t, x.all[1].dial("user=7").stays(), "another is")
}

// settle waits until all nodes have counted.
func settle(t *testing.T, nodes []*node) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, n := range nodes {
			if !n.hub.Tallied() {
				return false
			}
		}
		return true
	}, patience, time.Millisecond)
}

// stays reports whether the socket is still open, or was closed as one too many.
func (p *peer) stays() bool {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	_ = p.conn.Write(ctx, websocket.MessageText, []byte(`{"type":"ping"}`))
	for {
		_, b, err := p.conn.Read(ctx)
		switch {
		case err != nil:
			require.EqualValues(p.t, protocol.CloseRateLimited, websocket.CloseStatus(err), "%v", err)
			return false
		case bytes.Contains(b, []byte(`"pong"`)):
			return true
		}
	}
}

package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"parley/protocol"
)

// numbered is a candidate with its place in its sender's row.
type numbered struct {
	From      string `json:"from_peer_id"`
	Candidate struct {
		N int `json:"n"`
	} `json:"candidate"`
}

// Candidates arrive in the order in which each peer sent them, all of them, with
// everybody sending to everybody at once, to targets and to all in turn.
func TestCandidatesKeepTheirOrder(t *testing.T) {
	const row = 1000
	n := startNode(t)
	_, callers := gather(t, n, "ann", "bob", "cid", "dan")
	ctx := within(t)
	var work errgroup.Group
	for _, c := range callers {
		work.Go(func() error { return sendRow(ctx, c, callers, row) })
		work.Go(func() error { return receiveRows(ctx, c, len(callers)-1, row) })
	}
	require.NoError(t, work.Wait())
	for _, c := range callers {
		quiet(t, c.Socket)
	}
}

// sendRow sends each other peer the candidates 0…row-1: even ones to all at
// once, odd ones to each alone.
func sendRow(ctx context.Context, from *caller, all []*caller, row int) error {
	for i := range row {
		data := map[string]any{"candidate": map[string]any{"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "n": i}}
		if i%2 == 0 {
			if err := from.Send(ctx, protocol.TypeICECandidate, data); err != nil {
				return err
			}
			continue
		}
		for _, to := range all {
			if to == from {
				continue
			}
			data["target_peer_id"] = to.peerID
			if err := from.Send(ctx, protocol.TypeICECandidate, data); err != nil {
				return err
			}
		}
	}
	return nil
}

func receiveRows(ctx context.Context, to *caller, senders, row int) error {
	next := map[string]int{}
	for range senders * row {
		f, err := to.Await(ctx, protocol.TypeICECandidate)
		if err != nil {
			return fmt.Errorf("%s, who has %v: %w", to.name(), next, err)
		}
		var c numbered
		if err := f.Into(&c); err != nil {
			return err
		}
		if c.Candidate.N != next[c.From] {
			return fmt.Errorf("%s got %d of %s, after %d", to.name(), c.Candidate.N, c.From, next[c.From]-1)
		}
		next[c.From]++
	}
	return nil
}

// What a peer sends before it leaves comes before user_left.
func TestLastWordsComeBeforeTheLeave(t *testing.T) {
	n := startNode(t)
	_, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	for i := range 100 {
		require.NoError(t, bob.Send(within(t), protocol.TypeSignal, map[string]int{"n": i}))
	}
	require.NoError(t, bob.Close())
	for i := range 100 {
		require.EqualValues(t, i, next[map[string]any](t, ann.Socket, protocol.TypeSignal)["n"])
	}
	next[protocol.UserLeft](t, ann.Socket, protocol.TypeUserLeft)
}

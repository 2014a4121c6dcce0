package e2e

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// twins make the folders of two nodes that know the same user and room: copies of one
// database. A balancer needs no more of nodes than that either serves anybody.
func twins(t *testing.T, binary string) (dirA, dirB string, u *client.User, roomID int64) {
	t.Helper()
	dirA, dirB = t.TempDir(), t.TempDir()
	p := serving(t, binary, dirA)
	u = signUp(t, p.Server, "ann")[0]
	roomID = meet(t, u).ID
	p.terminate(t)
	require.NoError(t, os.CopyFS(filepath.Join(dirB, "data"), os.DirFS(filepath.Join(dirA, "data"))))
	return dirA, dirB, u, roomID
}

// processBalanced runs the load balancer that is deployed in front of two nodes.
func processBalanced(t *testing.T, binary string) {
	dirA, dirB, ann, room := twins(t, binary)
	a := serving(t, binary, dirA, "PARLEY_NODE_ID=node-a")
	b := serving(t, binary, dirB, "PARLEY_NODE_ID=node-b")
	readyA, readyB := watchReadiness(t, a.admin), watchReadiness(t, b.admin)
	h := balance(t, a, b, readyA, readyB)

	// All of one user, from one address, with one token: nothing ties them to a node.
	first := h.join(t, ann, room, 8)
	require.Len(t, first["node-a"], 4)
	require.Len(t, first["node-b"], 4)

	// A node that is not ready gets no new clients, and keeps those that it has.
	readyB.refused.Store(true)
	h.says(t, "Server nodes/node-b is DOWN", 1)
	second := h.join(t, ann, room, 6)
	require.Len(t, second["node-a"], 6)
	for _, k := range first["node-b"] {
		_, err := k.Request(within(t), protocol.TypePing, nil)
		require.NoError(t, err, "it is served on")
	}
	readyB.refused.Store(false)
	h.says(t, "Server nodes/node-b is UP", 1)
	require.Len(t, h.join(t, ann, room, 6)["node-b"], 6, "it has the fewest")

	// A node that stops sends its clients away; whoever comes finds the other, from the
	// first moment, before any check has noticed.
	b.signal(t, syscall.SIGTERM)
	for _, k := range first["node-b"] {
		await[protocol.Reconnect](t, k, protocol.TypeReconnect)
		require.Equal(t, protocol.CloseRestart, closeCode(t, k))
	}
	require.Len(t, h.join(t, ann, room, 4)["node-a"], 4)
	require.Zero(t, b.exitCode(t), "%s", b.stderr)
	h.says(t, "Server nodes/node-b is DOWN", 2)

	// It comes back in the same place, and the other one is killed.
	back := serving(t, binary, dirB, "PARLEY_NODE_ID=node-b", "PARLEY_HTTP_ADDR="+host(b.Base))
	readyB.admin.Store(&back.admin)
	h.says(t, "Server nodes/node-b is UP", 2)
	a.signal(t, syscall.SIGKILL)
	for _, k := range first["node-a"] {
		_, err := k.CloseCode(within(t))
		require.Error(t, err, "lost, and nobody said goodbye")
	}
	require.Len(t, h.join(t, ann, room, 4)["node-b"], 4)
	back.terminate(t)
}

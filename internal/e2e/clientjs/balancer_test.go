package clientjs

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// prefer listens for a service's clients, and leads each of their connections to
// the first of its nodes that takes it.
func prefer(t *testing.T, nodes ...*process) (base string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { lead(client, nodes) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		running.Wait() // the nodes are gone, and the clients with them
	})
	return "http://" + l.Addr().String()
}

// lead moves what is said until one side ends it.
func lead(client net.Conn, nodes []*process) {
	defer func() { _ = client.Close() }()
	for _, n := range nodes {
		node, err := net.Dial("tcp", n.addr)
		if err != nil {
			continue
		}
		defer func() { _ = node.Close() }()
		var up sync.WaitGroup
		up.Go(func() {
			_, _ = io.Copy(node, client)
			_ = node.Close()
		})
		_, _ = io.Copy(client, node)
		_ = client.Close()
		up.Wait()
		return
	}
}

package servers

import (
	"context"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
)

// Ports are taken from below those that kernels hand out to clients (Linux:
// 32768 and up): a server that is stopped and started again finds its own free.
const (
	lowestPort  = 12000
	highestPort = 32000
)

// tries is how often a server is started on other ports before the test fails:
// another process's test may take a port between the look and the start.
const tries = 5

// ports returns n ports that are free at the moment.
func ports(tb TB, n int) []int {
	tb.Helper()
	var held []net.Listener
	defer func() {
		for _, l := range held {
			_ = l.Close()
		}
	}()
	var found []int
	for range 100 * n {
		if len(found) == n {
			return found
		}
		port := lowestPort + rand.IntN(highestPort-lowestPort)
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", local(port))
		if err != nil {
			continue
		}
		held, found = append(held, l), append(found, port)
	}
	if len(found) < n {
		tb.Fatalf("servers: no %d free ports between %d and %d", n, lowestPort, highestPort)
	}
	return found
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// folder makes a folder that is removed with the test. It lies in the system's
// temporary one and has a short name: a socket's path has room for 100 bytes.
func folder(tb TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "parley")
	if err != nil {
		tb.Fatalf("servers: %v", err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

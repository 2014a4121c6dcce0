package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/servers"
	"parley/loadtest/client"
	"parley/protocol"
)

// company is nodes of this process that share a PostgreSQL and a Redis.
type company struct {
	nodes    []*node
	redis    *servers.RedisServer
	postgres *servers.PostgresServer
}

func startCompany(t *testing.T, nodes int, change ...func(*configs.Config)) *company {
	t.Helper()
	c := &company{redis: servers.Redis(t), postgres: servers.Postgres(t)}
	dsn := c.postgres.Database(t)
	for range nodes {
		c.nodes = append(c.nodes, startNode(t, append(change, func(cfg *configs.Config) {
			cfg.Store.DSN, cfg.Cluster.RedisURL = dsn, c.redis.URL()
			cfg.Edge.Shards = 2 // the same with every room's sockets anywhere is tested on a node alone
			cfg.Edge.Spill = 0
		})...))
	}
	for _, n := range c.nodes {
		n.awaitReady(t, `"degraded":false`)
	}
	return c
}

// awaitReady waits until readiness says something.
func (n *node) awaitReady(t *testing.T, word string) (status int) {
	t.Helper()
	require.Eventually(t, func() bool {
		var body string
		status, body = get(t, n.AdminURL()+"/readyz")
		return strings.Contains(body, word)
	}, patience, 20*time.Millisecond, "readiness never says %s", word)
	return status
}

// alive requires the node to be live, whatever else is not.
func (c *company) alive(t *testing.T) {
	t.Helper()
	for _, n := range c.nodes {
		status, _ := get(t, n.AdminURL()+"/healthz")
		require.Equal(t, http.StatusOK, status)
	}
}

// at is a user as a client of another node.
func at(n *node, u *client.User) *client.User {
	other := *u
	other.Server = n.Server
	return &other
}

// awaitDegraded waits until a socket is told what its node does without.
func awaitDegraded(t *testing.T, k *client.Socket, reasons ...string) {
	t.Helper()
	require.ElementsMatch(t, reasons, await[protocol.Degraded](t, k, protocol.TypeDegraded).Reasons)
}

// skipWelcome reads the welcome.
func skipWelcome(t *testing.T, k *client.Socket) *client.Socket {
	t.Helper()
	next[protocol.Welcome](t, k, protocol.TypeWelcome)
	return k
}

// awaitMessage waits for a message, by others.
func awaitMessage(t *testing.T, k *client.Socket, id int64) {
	t.Helper()
	for await[protocol.Message](t, k, protocol.TypeChatMessage).ID != id {
		continue
	}
}

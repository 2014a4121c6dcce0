package cluster

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Three nodes keep their promises while they, Redis and PostgreSQL fail. SOAK has it
// take so long instead of a minute, with the nodes' own times.
func TestFaultsOfACluster(t *testing.T) {
	most, users, rooms := time.Minute, 6, 2
	terms := Terms{Lease: 4 * time.Second, Window: 6 * time.Second, Slack: 10 * time.Second, MostIn: 4}
	if soak := os.Getenv("SOAK"); soak != "" {
		var err error
		most, err = time.ParseDuration(soak)
		require.NoError(t, err, "SOAK")
		users, rooms = 10, 3
		terms.Lease, terms.Window = 12*time.Second, 20*time.Second
	}
	shared := startServices(t)
	env := append(terms.environment(), "PARLEY_STORE_DSN="+shared.postgres.Database(t), "PARLEY_CLUSTER_REDIS_URL="+shared.redis.URL())
	binary := build(t)
	var nodes []*node
	for i := range 3 {
		nodes = append(nodes, newNode(t, binary, fmt.Sprint("node", i+1), env...))
	}
	newStorm(t, nodes, terms, users, rooms, shared.faults()).run(most)
}

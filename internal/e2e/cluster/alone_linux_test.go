package cluster

import (
	"path/filepath"
	"testing"
	"time"
)

// The same clients and rules hold of a node alone, that dies and comes back.
func TestFaultsOfANodeAlone(t *testing.T) {
	terms := Terms{Lease: 0, Window: 5 * time.Second, Slack: 10 * time.Second, MostIn: 4}
	n := newNode(t, build(t), "alone", append(terms.environment(), "PARLEY_STORE_DSN=sqlite:"+filepath.Join(t.TempDir(), "parley.db"))...)
	newStorm(t, []*node{n}, terms, 6, 2, map[Kind]fault{}).run(20 * time.Second)
}

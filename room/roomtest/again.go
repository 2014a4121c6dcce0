package roomtest

import (
	"os"
	"os/exec"
	"testing"

	"parley/edge"
)

// variable is set in the environment of the process that runs tests again.
const variable = "ROOMTEST_APART"

// Shards is how many shards a node has in such tests.
const Shards = 3

// Apart reports that sockets are to be on other shards than their rooms.
func Apart() bool { return os.Getenv(variable) != "" }

// Place returns the shard for a socket of a user, for edge.Admission: nil, which
// leaves the choice to the hub, unless sockets are to be apart from their rooms.
func Place(shards []*edge.Shard, roomID, userID int64) *edge.Shard {
	n := int64(len(shards))
	if !Apart() || n == 1 {
		return nil
	}
	return shards[(roomID+1+userID%(n-1))%n]
}

// Again runs the calling package's tests once more, in a process of their own in
// which they are Apart, but for those whose names match skip, if that is not "".
func Again(t *testing.T, skip string) {
	t.Helper()
	if Apart() {
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, "-test.skip", skip, "-test.timeout", "5m")
	c.Env = append(os.Environ(), variable+"=1")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("with every socket on another shard than its room: %v\n%s", err, out)
	}
}

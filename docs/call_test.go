package docs_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/faults"
	"parley/internal/nodetest"
)

// TestClientKeepsItsConnections holds a call of two in which again and again one
// side, the other or both begin a negotiation, while their sockets are cut. Every
// negotiation ends with both agreed, and neither peer connection is ever closed; both
// have new TURN credentials when theirs are about to expire.
func TestClientKeepsItsConnections(t *testing.T) {
	holdCall(t, "last", func(cfg *configs.Config) {
		cfg.TURN = configs.TURN{
			ICEServers: []configs.ICEServer{{URLs: []string{"turn:turn.example.com"}}},
			Secret:     "s3cret", TTL: 3 * time.Second,
		}
	})
}

// TestClientStartsAfresh is the same where no session can be resumed: they agree
// with the connections that they have then.
func TestClientStartsAfresh(t *testing.T) {
	holdCall(t, "end", func(cfg *configs.Config) { cfg.Edge.ResumeWindow = 0 })
}

// holdCall runs the guide's client twice in one Node.js, over sockets that are
// cut after a number of bytes. sessions tells the script whether they "last" or
// "end" with their sockets.
func holdCall(t *testing.T, sessions string, change func(*configs.Config)) {
	t.Helper()
	const seed, cuts, negotiations = 4, 30, 60
	node, err := exec.LookPath("node")
	require.NoError(t, err, "Node.js is needed; on Debian and Ubuntu: apt-get install --no-install-recommends nodejs")
	at := nodetest.Start(t, change)
	ann, bob, r := nodetest.Town(t, at.Server())
	ctx := within(t)

	var sockets atomic.Int64
	proxy, err := faults.New(at.Addr(), func(c *faults.Conn) {
		if n := sockets.Add(1); n <= cuts {
			random := rand.New(rand.NewPCG(seed, uint64(n)))
			c.ResetAfter(random.Int64N(3000), faults.Direction(random.IntN(2)))
		}
	})
	require.NoError(t, err)
	t.Cleanup(proxy.Close)

	folder := t.TempDir()
	script, err := os.ReadFile("testdata/call.mjs")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "call.mjs"), script, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "client.mjs"), []byte(scripts(t)[0].body), 0o600))
	cmd := exec.CommandContext(ctx, node, "--no-warnings", "--experimental-websocket", filepath.Join(folder, "call.mjs"),
		"ws://"+proxy.Addr(), strconv.FormatInt(r.ID, 10), ann.Token, bob.Token, strconv.Itoa(negotiations), sessions)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Empty(t, string(out))
	require.GreaterOrEqual(t, sockets.Load(), int64(cuts+2), "not all that should be were cut: negotiate more")
}

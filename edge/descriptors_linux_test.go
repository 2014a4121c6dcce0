package edge_test

import (
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

// A thousand sockets come and go, in every way that they may, and as many
// connections that are none, and no descriptor stays behind. The count is taken in a process of its own: other tests open
// files at the same time.
func TestNoDescriptorIsLeaked(t *testing.T) {
	t.Parallel()
	const child = "EDGE_TEST_DESCRIPTORS"
	if os.Getenv(child) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), child+"=1")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return
	}
	for _, m := range media() {
		s := serve(t, m, edge.Config{}, nil)
		comeAndGo(t, s, 10)
		before := descriptors(t)
		comeAndGo(t, s, 334)
		require.Eventually(t, func() bool { return descriptors(t) <= before }, patience, patience/1000,
			"%s descriptors before, %s after", strconv.Itoa(before), strconv.Itoa(descriptors(t)))
		s.empty()
	}
}

func comeAndGo(t *testing.T, s *server, n int) {
	t.Helper()
	for i := range n {
		half := s.connect()
		half.send([]byte(opening[:i%len(opening)]))
		_ = half.Close()
		other := s.connect()
		other.send([]byte(askLength))
		other.length()
		_ = other.Close()
		p, k := s.peer(), s.next()
		switch i % 4 {
		case 0:
			p.send(closeFrame(1000, ""))
			p.closeFrame()
		case 1:
			k.do(t, func(c *edge.Conn) { c.Close(1012, "") })
			p.closeFrame()
			p.send(closeFrame(1012, ""))
		case 2:
			p.vanish()
		case 3:
			p.send(text("\xff"))
			p.closeFrame()
		}
		_ = p.Close()
		k.end(t)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(all)
}

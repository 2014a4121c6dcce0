//go:build linux && !noepoll

package edge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

// Where nothing lies between the queue and the kernel, what was written is what
// the peer can still read, to the message.
func TestWrittenIsWhatThePeerCanRead(t *testing.T) {
	t.Parallel()
	s := serve(t, media()[0], edge.Config{OutboundBytes: 1 << 20}, nil)
	p, k := s.peer(), s.next()
	n := stuff(t, k)
	p.finish()
	require.True(t, k.end(t).Lost())
	k.left.isRest(t, n)
	require.NotEmpty(t, k.left.texts)
	got, _ := p.rest()
	require.Len(t, got, k.left.written)
}

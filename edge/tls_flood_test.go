//go:build linux && !noepoll

package edge_test

import (
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

// A peer that asks for key updates, and reads none of the answers, must not make
// the server keep them all.
func TestAnswersToKeyUpdatesAreBounded(t *testing.T) {
	s := serve(t, overTLS(t), edge.Config{CloseTimeout: forever}, nil)
	p, k := s.upgraded(), s.next()
	require.NoError(t, p.SetDeadline(time.Now().Add(6*patience))) // thousands of updates go first into the kernel
	for full := false; !full; {                                   // until the kernel takes no more
		k.send(t, numbered(0, 100<<10))
		s.turn()
		k.do(t, func(c *edge.Conn) { full = c.Buffered() > 0 })
	}
	pong := string(frame(ws.OpPong, true, "")) // is not answered, and counts as progress
	for len(k.closed) == 0 {
		records := p.seal(recordData, pong)
		for range 10 {
			records = append(records, p.seal(recordHandshake, keyUpdate(true))...)
			p.out = p.next(p.out)
		}
		if _, err := p.Write(records); err != nil {
			break // given up, or, past the deadline, not
		}
	}
	require.True(t, k.end(t).Lost())
	s.empty()
}

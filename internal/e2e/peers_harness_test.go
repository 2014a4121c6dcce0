package e2e

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"parley/loadtest/client"
	"parley/loadtest/peer"
	"parley/protocol"
)

// transcript keeps what a socket was told, for tests that look at the whole of it.
type transcript struct {
	mu     sync.Mutex
	frames []client.Frame // guarded by mu
	more   chan struct{}  // guarded by mu: closed when a frame is added
}

func newTranscript() *transcript { return &transcript{more: make(chan struct{})} }

func (l *transcript) add(f client.Frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frames = append(l.frames, f)
	close(l.more)
	l.more = make(chan struct{})
}

// states are the room states told so far, without repetition.
func (l *transcript) states() []protocol.CallRoomState {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []protocol.CallRoomState
	for _, f := range l.frames {
		var s protocol.CallState
		if f.Type == protocol.TypeCallState && f.Into(&s) == nil {
			all = append(all, s.RoomState)
		}
	}
	return slices.Compact(all)
}

// count is how many frames of a type there were.
func (l *transcript) count(typ protocol.Type) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.frames {
		if f.Type == typ {
			n++
		}
	}
	return n
}

// await waits for the n-th frame of a type.
func (l *transcript) await(t *testing.T, typ protocol.Type, n int) {
	t.Helper()
	ctx := within(t)
	for {
		l.mu.Lock()
		more := l.more
		l.mu.Unlock()
		if l.count(typ) >= n {
			return
		}
		select {
		case <-more:
		case <-ctx.Done():
			require.Failf(t, "too few frames", "%d of %s, want %d", l.count(typ), typ, n)
		}
	}
}

// follow keeps all that a socket is told from now on.
func follow(t *testing.T, k *client.Socket) *transcript {
	t.Helper()
	l := newTranscript()
	var reading sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	reading.Go(func() {
		for {
			f, err := k.Next(ctx)
			if err != nil {
				return
			}
			l.add(f)
		}
	})
	t.Cleanup(func() { stop(); reading.Wait() })
	return l
}

// enter joins the room's call as a WebRTC peer on this machine, and leaves when
// the test ends.
func enter(t *testing.T, u *client.User, roomID int64, change ...func(*peer.Config)) *peer.Peer {
	t.Helper()
	cfg := peer.Config{Settings: peer.Loopback()}
	for _, c := range change {
		c(&cfg)
	}
	p, err := peer.Join(within(t), u, roomID, cfg)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

func withMedia(c *peer.Config) { c.Media = true }

func eagerly(c *peer.Config) { c.Eager = true }

func observed(l *transcript) func(*peer.Config) {
	return func(c *peer.Config) { c.Observe = l.add }
}

// linkTo is a's connection to b, once it is up.
func linkTo(t *testing.T, a, b *peer.Peer) *peer.Link {
	t.Helper()
	l, err := a.To(within(t), b.User().Account.ID)
	require.NoError(t, err)
	require.NoError(t, l.Connected(within(t)))
	return l
}

// connect waits until every two of the peers are connected, and returns both
// ends of each connection.
func connect(t *testing.T, peers ...*peer.Peer) [][2]*peer.Link {
	t.Helper()
	var pairs [][2]*peer.Link
	for i, a := range peers {
		for _, b := range peers[i+1:] {
			pairs = append(pairs, [2]*peer.Link{linkTo(t, a, b), linkTo(t, b, a)})
		}
	}
	return pairs
}

// talk sends n messages each way at the same time; all arrive, in order.
func talk(t *testing.T, pair [2]*peer.Link, n int) {
	t.Helper()
	ctx := within(t)
	var work errgroup.Group
	for _, l := range pair {
		work.Go(func() error {
			for i := range n {
				if err := l.Send(fmt.Appendf(nil, "message %d", i)); err != nil {
					return err
				}
			}
			return nil
		})
		work.Go(func() error {
			for i := range n {
				got, err := l.Receive(ctx)
				if err != nil {
					return err
				}
				if want := fmt.Sprintf("message %d", i); string(got) != want {
					return fmt.Errorf("got %q, want %q", got, want)
				}
			}
			return nil
		})
	}
	require.NoError(t, work.Wait())
}

// hear waits until n more packets of audio and of video have arrived at each end.
func hear(t *testing.T, pair [2]*peer.Link, n uint64) {
	t.Helper()
	for _, l := range pair {
		was := l.Status()
		require.NoError(t, l.Await(within(t), func(s peer.Status) bool {
			return s.Audio >= was.Audio+n && s.Video >= was.Video+n
		}))
	}
}

// ended waits for a link to end and returns why.
func ended(t *testing.T, l *peer.Link) protocol.LeaveReason {
	t.Helper()
	select {
	case <-l.Ended():
	case <-within(t).Done():
		require.Failf(t, "the link does not end", "%+v", l.Status())
	}
	return l.Reason()
}

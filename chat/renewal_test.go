package chat_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/chat"
	"parley/presence"
	"parley/protocol"
)

// The room that the store was asked about may be left by all and entered anew until it
// answers: then it is another, which may not be loaded yet.
func TestARoomIsComparedThatIsNotLoaded(t *testing.T) {
	ns := startNodes(t, 1, newFakeStore(3), nil, nil)
	n := ns.all[0]
	asked, answered := make(chan struct{}), make(chan struct{})
	ns.store.look("RoomHeads", func(i int) {
		if i == 1 {
			close(asked)
			<-answered
		}
	})
	p := n.dial("user=1")
	<-asked
	n.chat.Compare(1)
	close(answered)
	p.expect(protocol.TypeWelcome)
	require.Equal(t, []int64{1}, p.presence())
	n.post(1)
	p.seqs(4, 4)
}

// moody is a presence registry that answers now and then.
type moody struct {
	presence.Registry
	mu    sync.Mutex
	well  bool // guarded by mu, as is calls
	calls int
}

func (m *moody) Online(ctx context.Context, roomID int64) ([]presence.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.calls++; !m.well {
		return nil, errDisk
	}
	return m.Registry.Online(ctx, roomID)
}

func (m *moody) asked() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls
}

// However often the registry fails, a room asks it once a sweep, until it answers.
func TestPresenceIsLookedUpAgain(t *testing.T) {
	mem := presence.NewMemory(time.Hour, time.Now)
	require.NoError(t, mem.Node("there").Enter(t.Context(), 1, presence.User(userOf(5))))
	reg := &moody{Registry: mem.Node("here")}
	n := (&node{t: t, store: newFakeStore(0), others: true, config: func(c *chat.Config) {
		c.Sweep, c.PresenceSweep = time.Hour, time.Hour
	}}).start(reg)
	p := n.dial("user=3")
	p.expect(protocol.TypeWelcome)
	require.Equal(t, []int64{3}, p.presence())
	asks := func(tick func()) {
		t.Helper()
		before := reg.asked()
		require.Eventually(t, func() bool {
			tick()
			return reg.asked() > before
		}, patience, 10*time.Millisecond)
	}
	for range 3 {
		asks(n.chat.Look)
		asks(n.chat.Sweep)
	}
	reg.mu.Lock()
	reg.well = true
	reg.mu.Unlock()
	asks(n.chat.Sweep)
	require.EqualValues(t, 5, p.about(protocol.TypeUserOnline))
}

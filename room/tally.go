package room

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"parley/protocol"
)

const (
	// tallyStands is how long a count stands that nothing changes.
	tallyStands = 24 * time.Hour
	// tallyTimeout bounds one attempt to change a count, and tallyRetry is how long
	// the next waits where the ledger is out of reach: until then each node bounds
	// its own.
	tallyTimeout = 2 * time.Second
	tallyRetry   = 5 * time.Second
	// talliesAtOnce bounds how many counts are changed at a time.
	talliesAtOnce = 64
)

// tally counts each user's sessions on all nodes, in a document a user: how many
// each node has. A socket is let in first and counted then; the one that makes them
// too many is closed again. As a document changes in one order, exactly those are.
type tally struct {
	// static
	hub    *Hub
	ledger Ledger

	ctx    context.Context // ends the work
	cancel context.CancelFunc
	free   *semaphore.Weighted
	work   sync.WaitGroup

	mu    sync.Mutex
	users map[int64]*counting // guarded by mu: those whose document is being changed
}

// counting is a user whose count is on its way to the document.
type counting struct {
	came  []*line // since it was last known to be in bounds; the newest last
	again bool    // it has changed since the document was
}

func newTally(h *Hub, l Ledger) *tally {
	t := &tally{hub: h, ledger: l, free: semaphore.NewWeighted(talliesAtOnce), users: make(map[int64]*counting)}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

func (t *tally) stop() {
	t.mu.Lock()
	t.cancel() // nothing begins from here on
	t.mu.Unlock()
	t.work.Wait()
}

// changed has a user's count put right: a line came, which may be one too many, or
// with nil one is gone or has moved here.
func (t *tally) changed(userID int64, came *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.users[userID]
	if c == nil {
		if t.ctx.Err() != nil {
			return
		}
		c = &counting{}
		t.users[userID] = c
		t.work.Go(func() { t.run(userID, c) })
	} else {
		c.again = true
	}
	if came != nil {
		c.came = append(c.came, came)
	}
}

// run puts a user's count right, until it is.
func (t *tally) run(userID int64, c *counting) {
	if t.free.Acquire(t.ctx, 1) != nil {
		return
	}
	defer t.free.Release(1)
	for {
		t.mu.Lock()
		c.again = false
		came := c.came
		c.came = nil
		t.mu.Unlock()
		total, err := t.count(userID)
		if err != nil && !t.pause(err) {
			return
		}
		if over := total - t.hub.users.most; err == nil && over > 0 {
			shed(came[max(0, len(came)-over):])
		}
		t.mu.Lock()
		if !c.again && err == nil {
			delete(t.users, userID)
			t.mu.Unlock()
			return
		}
		if err != nil {
			c.came = append(came, c.came...)
		}
		t.mu.Unlock()
	}
}

// pause waits before another attempt. It reports false when the hub stops.
func (t *tally) pause(err error) bool {
	t.hub.cfg.Logger.Debug("room: a user's sockets not counted on all nodes", "err", err)
	t.free.Release(1) // others may fare better
	select {
	case <-time.After(tallyRetry):
	case <-t.ctx.Done():
	}
	return t.free.Acquire(context.WithoutCancel(t.ctx), 1) == nil && t.ctx.Err() == nil
}

// count writes how many sessions of a user are here, and returns how many there
// are on all nodes that live.
func (t *tally) count(userID int64) (total int, err error) {
	ctx, cancel := context.WithTimeout(t.ctx, tallyTimeout)
	defer cancel()
	key := "sockets:" + strconv.FormatInt(userID, 10)
	doc, err := t.ledger.Load(ctx, key)
	for err == nil {
		nodes := make(map[string]int)
		if len(doc.Value) > 0 && json.Unmarshal(doc.Value, &nodes) != nil {
			nodes = make(map[string]int) // of a version to come: counted anew
		}
		here := t.hub.users.of(userID)
		value, sum := t.put(nodes, here)
		var stored bool
		if doc, stored, err = t.ledger.Swap(ctx, key, doc.Version, value, tallyStands); err == nil && stored {
			return sum, nil
		}
	}
	return 0, err
}

// put makes the document with this node's count, without the dead.
func (t *tally) put(nodes map[string]int, here int) (value []byte, total int) {
	nodes[t.hub.cfg.Boot] = here
	for boot, n := range nodes {
		if n <= 0 || t.hub.cfg.Dead != nil && t.hub.cfg.Dead(boot) {
			delete(nodes, boot)
			continue
		}
		total += n
	}
	if len(nodes) == 0 {
		return nil, 0
	}
	value, err := json.Marshal(nodes)
	if err != nil {
		panic("room: counts always encode: " + err.Error())
	}
	return value, total
}

// shed closes lines that are too many.
func shed(lines []*line) {
	for _, l := range lines {
		l.shard.edge.Post(func() {
			l.Close(uint16(protocol.CloseRateLimited), "too many sockets of this user")
		})
	}
}

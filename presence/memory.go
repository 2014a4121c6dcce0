package presence

import (
	"sync"
	"time"
)

// Memory is a space that any number of nodes within one process share.
type Memory struct {
	// Static after construction.
	lease time.Duration
	clock func() time.Time

	// Guarded by mu. No room is kept empty. nodes holds those that live, and
	// those that died and may have left entries behind.
	mu    sync.Mutex
	rooms map[int64]map[seat]User
	nodes map[*memoryNode]struct{}
}

// seat is a user's place in a room by way of one node.
type seat struct {
	userID int64
	node   *memoryNode
}

// NewMemory makes an empty space whose nodes hold leases of the given length.
// clock tells the time; it is called under a lock and must not call back.
func NewMemory(lease time.Duration, clock func() time.Time) *Memory {
	return &Memory{
		lease: lease,
		clock: clock,
		rooms: make(map[int64]map[seat]User),
		nodes: make(map[*memoryNode]struct{}),
	}
}

// Node lets a node join under its id; its lease begins now. An earlier registry
// of the same id that was not closed is taken for one that died: it is closed,
// its lease has run out, and its entries are for anyone's Reap, the newcomer's
// included.
func (m *Memory) Node(id string) Registry {
	m.mu.Lock()
	defer m.mu.Unlock()
	for former := range m.nodes {
		if former.id == id {
			former.closed = true
			former.until = time.Time{}
		}
	}
	n := &memoryNode{space: m, id: id, until: m.clock().Add(m.lease)}
	m.nodes[n] = struct{}{}
	return n
}

// enter takes or updates a seat. Called under mu.
func (m *Memory) enter(room int64, s seat, u User) {
	seats := m.rooms[room]
	if seats == nil {
		seats = make(map[seat]User, 1)
		m.rooms[room] = seats
	}
	seats[s] = u
}

// leave frees a seat. Called under mu.
func (m *Memory) leave(room int64, s seat) {
	delete(m.rooms[room], s)
	if len(m.rooms[room]) == 0 {
		delete(m.rooms, room)
	}
}

// clear frees the seats of all nodes that gone names. Called under mu.
func (m *Memory) clear(gone func(*memoryNode) bool) []Entry {
	var freed []Entry
	for room, seats := range m.rooms {
		for s, u := range seats {
			if gone(s.node) {
				freed = append(freed, Entry{Room: room, User: u, Node: s.node.id})
				m.leave(room, s)
			}
		}
	}
	return freed
}

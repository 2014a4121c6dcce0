package presence

import (
	"cmp"
	"slices"
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
	rooms map[int64][]seat // by user
	nodes map[*memoryNode]struct{}
}

// seat is a user's place in a room by way of one node.
type seat struct {
	user User
	node *memoryNode
}

// find returns the place of a user's seat, or where it would be.
func find(seats []seat, userID int64, n *memoryNode) (int, bool) {
	i, _ := slices.BinarySearchFunc(seats, userID, func(s seat, id int64) int { return cmp.Compare(s.user.ID, id) })
	for ; i < len(seats) && seats[i].user.ID == userID; i++ {
		if seats[i].node == n {
			return i, true
		}
	}
	return i, false
}

// NewMemory makes an empty space whose nodes hold leases of the given length.
// clock tells the time; it is called under a lock and must not call back.
func NewMemory(lease time.Duration, clock func() time.Time) *Memory {
	return &Memory{
		lease: lease,
		clock: clock,
		rooms: make(map[int64][]seat),
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
func (m *Memory) enter(room int64, u User, n *memoryNode) {
	seats := m.rooms[room]
	i, ok := find(seats, u.ID, n)
	if ok {
		seats[i].user = u
		return
	}
	if len(seats) == cap(seats) { // by a quarter: there is one for each socket
		seats = append(make([]seat, 0, len(seats)+len(seats)/4+1), seats...)
	}
	m.rooms[room] = slices.Insert(seats, i, seat{u, n})
}

// leave frees a seat. Called under mu.
func (m *Memory) leave(room, userID int64, n *memoryNode) {
	seats := m.rooms[room]
	if i, ok := find(seats, userID, n); ok {
		m.keep(room, slices.Delete(seats, i, i+1))
	}
}

func (m *Memory) keep(room int64, seats []seat) {
	if len(seats) == 0 {
		delete(m.rooms, room)
	} else {
		m.rooms[room] = seats
	}
}

// clear frees the seats of all nodes that gone names. Called under mu.
func (m *Memory) clear(gone func(*memoryNode) bool) []Entry {
	var freed []Entry
	for room, seats := range m.rooms {
		m.keep(room, slices.DeleteFunc(seats, func(s seat) bool {
			if !gone(s.node) {
				return false
			}
			freed = append(freed, Entry{Room: room, User: s.user, Node: s.node.id})
			return true
		}))
	}
	return freed
}

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

	// Guarded by mu. No room is kept empty. holders, by boot, have those that
	// live, and those that died and may have left entries behind.
	mu      sync.Mutex
	rooms   map[int64][]seat // by user
	holders map[string]*holder
}

// holder is a boot that has a lease or entries.
type holder struct {
	node  Node
	until time.Time // the lease is valid before it
}

// seat is a user's place in a room by way of one node.
type seat struct {
	user User
	by   *holder
}

// NewMemory makes an empty space whose nodes hold leases of the given length.
// clock tells the time; it is called under a lock and must not call back.
func NewMemory(lease time.Duration, clock func() time.Time) *Memory {
	return &Memory{
		lease:   lease,
		clock:   clock,
		rooms:   make(map[int64][]seat),
		holders: make(map[string]*holder),
	}
}

// Node lets a node join whose boot is its id: one that is not started again
// while it has a lease.
func (m *Memory) Node(id string) Registry { return m.Join(Node{ID: id, Boot: id}) }

// Join lets a node join; its lease begins now.
func (m *Memory) Join(n Node) Registry {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.holder(n).until = m.clock().Add(m.lease)
	return &memoryNode{space: m, node: n}
}

// Lose forgets all leases and entries, as a database does that comes back
// empty: for tests of those who must cope with it.
func (m *Memory) Lose() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.rooms)
	clear(m.holders)
}

// holder finds a boot, or adds it without a lease. Called under mu.
func (m *Memory) holder(n Node) *holder {
	h, ok := m.holders[n.Boot]
	if !ok {
		h = &holder{node: n}
		m.holders[n.Boot] = h
	}
	return h
}

// find returns the place of a user's seat, or where it would be.
func find(seats []seat, userID int64, boot string) (int, bool) {
	i, _ := slices.BinarySearchFunc(seats, userID, func(s seat, id int64) int { return cmp.Compare(s.user.ID, id) })
	for ; i < len(seats) && seats[i].user.ID == userID; i++ {
		if seats[i].by.node.Boot == boot {
			return i, true
		}
	}
	return i, false
}

// enter takes or updates a seat. Called under mu.
func (m *Memory) enter(room int64, u User, n Node) {
	seats := m.rooms[room]
	i, ok := find(seats, u.ID, n.Boot)
	if ok {
		seats[i].user = u
		return
	}
	if len(seats) == cap(seats) { // by a quarter: there is one for each socket
		seats = append(make([]seat, 0, len(seats)+len(seats)/4+1), seats...)
	}
	m.rooms[room] = slices.Insert(seats, i, seat{u, m.holder(n)})
}

// leave frees a seat. Called under mu.
func (m *Memory) leave(room, userID int64, n Node) {
	seats := m.rooms[room]
	if i, ok := find(seats, userID, n.Boot); ok {
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

// remove takes the boots that gone names out of the space, and returns what
// they had entered. Called under mu.
func (m *Memory) remove(gone func(*holder) bool) []Entry {
	left := make(map[*holder]bool)
	for boot, h := range m.holders {
		if gone(h) {
			left[h] = true
			delete(m.holders, boot)
		}
	}
	if len(left) == 0 {
		return nil
	}
	var freed []Entry
	for room, seats := range m.rooms {
		m.keep(room, slices.DeleteFunc(seats, func(s seat) bool {
			if left[s.by] {
				freed = append(freed, Entry{Room: room, User: s.user, Node: s.by.node.Boot})
			}
			return left[s.by]
		}))
	}
	return freed
}

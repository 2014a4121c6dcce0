package room

import "sync"

// crowds are the rooms that have as many sessions as fit on their shard: those
// that come now are placed elsewhere.
type crowds struct {
	most int // static; 0: no room is ever crowded

	mu    sync.RWMutex
	rooms map[int64]struct{} // guarded by mu
}

// grown is told the size of a room that got one more session.
func (c *crowds) grown(roomID int64, size int) {
	if size != c.most {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rooms == nil {
		c.rooms = make(map[int64]struct{})
	}
	c.rooms[roomID] = struct{}{}
}

// shrunk is told the size of a room that lost a session. A room stays crowded
// until it has lost half, so that it does not go to and fro at the bound.
func (c *crowds) shrunk(roomID int64, size int) {
	if c.most == 0 || size != c.most/2 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.rooms, roomID)
}

func (c *crowds) has(roomID int64) bool {
	if c.most == 0 {
		return false
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	_, is := c.rooms[roomID]
	return is
}

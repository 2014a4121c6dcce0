package chat

import "parley/protocol"

// Sweep is a tick of the sweep that compares rooms with the store.
func (s *Service) Sweep() { s.verifyAll() }

// Compare compares a room with the store, as the sweep's goroutine does.
func (s *Service) Compare(roomID int64) {
	s.compareSome([]int64{roomID}, map[int64]standing{roomID: {due: true}})
}

// Look is a tick of the one that compares them with the presence registry.
func (s *Service) Look() { s.lookAll() }

// Deliver gives a room n messages that were stored by this node, from a seq on, as
// the store's callbacks do.
func (s *Service) Deliver(m protocol.Message, n int, done func()) {
	s.inRoom(m.RoomID, func(c *roomChat) {
		for range n {
			c.deliver(posted{message: m, committed: s.cfg.Clock()})
			m.Seq++
		}
		done()
	})
}

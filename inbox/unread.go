package inbox

import (
	"context"
	"time"

	"parley/protocol"
	"parley/room"
	"parley/store"
)

const (
	// quiet is how long nothing is said of a room after something was.
	quiet = time.Second
	// share is the part of the time, at most, that counting for one room may take:
	// a tenth. It is what remains of it where very much is unread.
	share = 10
)

// gathering is for whom what is unread of a room has changed since they were told.
// A room has one while its users are being told, and for a while after it.
type gathering struct {
	all   bool
	users map[int64]struct{}
}

func (g *gathering) add(userID int64) {
	switch {
	case userID == 0:
		g.all, g.users = true, nil
	case g.all:
	case g.users == nil:
		g.users = map[int64]struct{}{userID: {}}
	default:
		g.users[userID] = struct{}{}
	}
}

// changed has users told how much of a room they have not read: those who are
// here. 0 stands for all. It is at once where the room was quiet.
func (s *Service) changed(roomID, userID int64) {
	if r := s.users[userID]; userID != 0 && (r == nil || !r.in(roomID)) {
		return
	}
	if g := s.gatherings[roomID]; g != nil {
		g.add(userID)
		return
	}
	if userID == 0 && len(s.places.of(roomID)) == 0 {
		return
	}
	g := &gathering{}
	g.add(userID)
	s.gatherings[roomID] = g
	s.tell(roomID, g)
}

// tell reads the counts of those in a gathering and sends them, again and again
// until there is nobody in it: what changes meanwhile is gathered anew.
func (s *Service) tell(roomID int64, g *gathering) {
	users := s.audience(roomID, g)
	if len(users) == 0 {
		delete(s.gatherings, roomID)
		return
	}
	told := *g
	*g = gathering{}
	began := time.Now()
	s.reads.do(func(ctx context.Context) {
		counts, err := s.store.UnreadOf(ctx, roomID, users)
		s.mailbox.post(func() {
			if err != nil {
				s.fail(ctx, "unread not counted", err)
				g.join(told)
			}
			s.deliver(counts)
			time.AfterFunc(max(quiet, share*time.Since(began)), func() {
				s.mailbox.post(func() { s.tell(roomID, g) })
			})
		})
	})
}

// join adds those of another gathering.
func (g *gathering) join(other gathering) {
	if other.all {
		g.add(0)
	}
	for id := range other.users {
		g.add(id)
	}
}

func (s *Service) audience(roomID int64, g *gathering) (users []int64) {
	if g.all {
		for _, p := range s.places.of(roomID) {
			users = append(users, p.who.user)
		}
		return users
	}
	for id := range g.users {
		users = append(users, id)
	}
	return users
}

// deliver sends counts. Many users have the same, and get the same frame.
func (s *Service) deliver(counts []store.Unread) {
	frames := make(map[protocol.Unread]room.Frame)
	for _, u := range counts {
		r := s.users[u.UserID]
		if r == nil || !r.in(u.RoomID) {
			continue // not any more
		}
		data := unread(u)
		f, ok := frames[data]
		if !ok {
			f = room.Encode(protocol.TypeUnread, u.RoomID, data)
			frames[data] = f
		}
		r.send(f)
	}
}

func unread(u store.Unread) protocol.Unread {
	return protocol.Unread{RoomID: u.RoomID, UnreadCount: u.Count, LastSeq: u.LastSeq}
}

package inbox_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"parley/protocol"
	"parley/store"
)

// fakeStore keeps who is in which room and how much of it they have not read. What
// it is told to fail, fails; each read takes as long as it is told.
type fakeStore struct {
	mu      sync.Mutex
	unread  map[int64]map[int64]int // guarded by mu, as is all below: by room and user
	lastSeq map[int64]int64         // by room
	failing map[string]error        // by method
	calls   map[string]int
	took    func() time.Duration // nil: no time
}

func newFakeStore() *fakeStore {
	return &fakeStore{
		unread: map[int64]map[int64]int{}, lastSeq: map[int64]int64{},
		failing: map[string]error{}, calls: map[string]int{},
	}
}

// change changes what is stored.
func (f *fakeStore) change(fn func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fn()
}

// join makes users participants of a room.
func (f *fakeStore) join(roomID int64, users ...int64) {
	f.change(func() {
		if f.unread[roomID] == nil {
			f.unread[roomID] = map[int64]int{}
		}
		for _, u := range users {
			f.unread[roomID][u] = 0
		}
	})
}

func (f *fakeStore) leave(roomID, userID int64) {
	f.change(func() { delete(f.unread[roomID], userID) })
}

// post stores a message that all but its author have not read.
func (f *fakeStore) post(roomID, author int64) {
	f.change(func() {
		f.lastSeq[roomID]++
		for u := range f.unread[roomID] {
			if u != author {
				f.unread[roomID][u]++
			}
		}
	})
}

func (f *fakeStore) read(roomID, userID int64) {
	f.change(func() {
		if _, in := f.unread[roomID][userID]; in {
			f.unread[roomID][userID] = 0
		}
	})
}

func (f *fakeStore) roomsOf(userID int64) (rooms []int64) {
	f.change(func() {
		for id, users := range f.unread {
			if _, in := users[userID]; in {
				rooms = append(rooms, id)
			}
		}
	})
	slices.Sort(rooms)
	return rooms
}

func (f *fakeStore) countOf(roomID, userID int64) (n int) {
	f.change(func() { n = f.unread[roomID][userID] })
	return n
}

// called says how often a method was.
func (f *fakeStore) called(method string) (n int) {
	f.change(func() { n = f.calls[method] })
	return n
}

// begin counts a call, lets half its time pass before what it reads and, by what it
// returns, the other half after it.
func (f *fakeStore) begin(method string) (end func(), err error) {
	var half time.Duration
	f.change(func() {
		f.calls[method]++
		err = f.failing[method]
		if f.took != nil {
			half = f.took() / 2
		}
	})
	wait := func() {
		if half > 0 {
			<-time.After(half)
		}
	}
	wait()
	return wait, err
}

func (f *fakeStore) RoomIDsOf(_ context.Context, userID int64) ([]int64, error) {
	end, err := f.begin("RoomIDsOf")
	defer end()
	return f.roomsOf(userID), err
}

func (f *fakeStore) UnreadRooms(_ context.Context, userID int64, limit int) ([]store.Unread, error) {
	end, err := f.begin("UnreadRooms")
	defer end()
	var list []store.Unread
	for _, id := range f.roomsOf(userID) {
		if n := f.countOf(id, userID); n > 0 && len(list) < limit {
			f.change(func() {
				list = append(list, store.Unread{RoomID: id, UserID: userID, Count: n, LastSeq: f.lastSeq[id]})
			})
		}
	}
	return list, err
}

func (f *fakeStore) UnreadOf(_ context.Context, roomID int64, userIDs []int64) (list []store.Unread, err error) {
	end, err := f.begin("UnreadOf")
	defer end()
	f.change(func() {
		for _, u := range userIDs {
			if n, in := f.unread[roomID][u]; in {
				list = append(list, store.Unread{RoomID: roomID, UserID: u, Count: n, LastSeq: f.lastSeq[roomID]})
			}
		}
	})
	return list, err
}

// Get is what membership shows of a room.
func (f *fakeStore) Get(_ context.Context, userID, roomID int64) (r protocol.Room, err error) {
	end, err := f.begin("Get")
	defer end()
	f.change(func() {
		n, in := f.unread[roomID][userID]
		if !in {
			err = protocol.Errorf(protocol.CodeNotFound, "no such room")
		}
		r = protocol.Room{ID: roomID, Name: "a room", UnreadCount: n, LastSeq: f.lastSeq[roomID], ParticipantCount: len(f.unread[roomID])}
	})
	return r, err
}
